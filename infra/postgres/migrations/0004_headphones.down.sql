drop table headphones;
