drop table monitoring_health;
drop table monitoring_values;
drop table monitoring_series;
