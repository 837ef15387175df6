drop table parked_sessions;
drop table checkpoints;
