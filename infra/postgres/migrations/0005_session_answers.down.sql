alter table sessions
  drop column cost_is_known,
  drop column degraded_reason,
  drop column prompt_version,
  alter column completion_tokens type integer using least(completion_tokens, 2147483647),
  alter column prompt_tokens type integer using least(prompt_tokens, 2147483647);
