drop table language_model_calls;
