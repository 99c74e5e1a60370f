create table t(a integer primary key, b text, c real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 150000)
    insert into t select i, 'row ' || (i * 7919 % 150000), i / 3.0 from n;
create index tb on t(b);
delete from t where a % 3 = 0;
update t set b = b || ' again' where a % 5 = 0;
select count(*), sum(length(b)) from t join (select b as x from t order by c desc limit 50000) on b = x;
