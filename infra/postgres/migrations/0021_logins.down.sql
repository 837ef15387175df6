drop table logins;
