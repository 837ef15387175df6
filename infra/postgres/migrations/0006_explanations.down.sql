drop table explanations;
