drop index sessions_of_user;
alter table sessions drop column request_hash;
