drop index language_model_calls_session_id;
update language_model_calls set session_id = '00000000-0000-0000-0000-000000000000' where session_id is null;
alter table language_model_calls alter column session_id set not null;
drop table erased_sessions;
