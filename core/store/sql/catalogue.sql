-- name: put_customers
-- Every line stands in the catalogue; who is not in the file is kept. What is the same is not written again.
-- The last select sees the table as it was before, and so can tell what changed.
with given as (
    select * from unnest(
        %(code)s::text[], %(name)s::text[], %(contact)s::text[], %(city)s::text[]
    ) as t (code, name, contact, city)
),
put as (
    insert into customers as t (desk_id, code, name, contact, city)
    select %(desk_id)s, g.code, g.name, g.contact, g.city from given g order by g.code
    on conflict (desk_id, code) do update
        set name = excluded.name, contact = excluded.contact, city = excluded.city
        where (t.name, t.contact, t.city)
            is distinct from (excluded.name, excluded.contact, excluded.city)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join customers was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: put_vehicles
-- As for customers.
with given as (
    select * from unnest(%(code)s::text[], %(model)s::text[], %(plate)s::text[]) as t (code, model, plate)
),
put as (
    insert into vehicles as t (desk_id, code, model, plate)
    select %(desk_id)s, g.code, g.model, g.plate from given g order by g.code
    on conflict (desk_id, code) do update set model = excluded.model, plate = excluded.plate
        where (t.model, t.plate) is distinct from (excluded.model, excluded.plate)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join vehicles was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: put_equipment
-- As for customers.
with given as (
    select * from unnest(
        %(code)s::text[], %(model)s::text[], %(brand)s::text[], %(serial)s::text[], %(client)s::text[], %(place)s::text[]
    ) as t (code, model, brand, serial, client, place)
),
put as (
    insert into equipment as t (desk_id, code, model, brand, serial, client, place)
    select %(desk_id)s, g.code, g.model, g.brand, g.serial, g.client, g.place from given g order by g.code
    on conflict (desk_id, code) do update
        set model = excluded.model, brand = excluded.brand, serial = excluded.serial, client = excluded.client,
            place = excluded.place
        where (t.model, t.brand, t.serial, t.client, t.place)
            is distinct from (excluded.model, excluded.brand, excluded.serial, excluded.client, excluded.place)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join equipment was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: put_centres
-- As for customers.
with given as (
    select * from unnest(
        %(code)s::text[], %(name)s::text[], %(address)s::text[], %(city)s::text[], %(latitude)s::float[], %(longitude)s::float[], %(phone)s::text[], %(opens)s::text[], %(closes)s::text[], %(days)s::text[], %(active)s::boolean[]
    ) as t (code, name, address, city, latitude, longitude, phone, opens, closes, days, active)
),
put as (
    insert into centres as t (desk_id, code, name, address, city, latitude, longitude, phone, opens, closes, days, active)
    select %(desk_id)s, g.code, g.name, g.address, g.city, g.latitude, g.longitude, g.phone, g.opens, g.closes, g.days::smallint[], g.active from given g order by g.code
    on conflict (desk_id, code) do update
        set name = excluded.name, address = excluded.address, city = excluded.city, latitude = excluded.latitude,
            longitude = excluded.longitude, phone = excluded.phone, opens = excluded.opens, closes = excluded.closes,
            days = excluded.days, active = excluded.active
        where (t.name, t.address, t.city, t.latitude, t.longitude, t.phone, t.opens, t.closes, t.days, t.active)
            is distinct from (excluded.name, excluded.address, excluded.city, excluded.latitude, excluded.longitude, excluded.phone, excluded.opens, excluded.closes, excluded.days, excluded.active)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join centres was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: put_survey_questions
-- As for customers.
with given as (
    select * from unnest(
        %(number)s::smallint[], %(text)s::text[], %(short)s::text[]
    ) as t (number, text, short)
),
put as (
    insert into survey_questions as t (desk_id, number, text, short)
    select %(desk_id)s, g.number, g.text, g.short from given g order by g.number
    on conflict (desk_id, number) do update
        set text = excluded.text, short = excluded.short
        where (t.text, t.short)
            is distinct from (excluded.text, excluded.short)
    returning t.*, t.xmax = 0 as fresh
)
select put.number::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join survey_questions was on was.desk_id = put.desk_id and was.number = put.number
order by put.fresh, put.number limit %(examples)s

-- name: all_customers
select code, name, contact, city from customers where desk_id = %(desk_id)s order by code

-- name: all_vehicles
select code, model, plate from vehicles where desk_id = %(desk_id)s order by code

-- name: all_equipment
select code, model, brand, serial, client, place from equipment where desk_id = %(desk_id)s order by code

-- name: all_centres
select code, name, address, city, latitude, longitude, phone, opens, closes, days, active from centres where desk_id = %(desk_id)s order by code

-- name: all_survey_questions
select number, text, short from survey_questions where desk_id = %(desk_id)s order by number

-- name: sizes
-- How many lines each catalogue of a desk has.
select (select count(*) from customers where desk_id = %(desk_id)s) as customers,
    (select count(*) from equipment where desk_id = %(desk_id)s) as equipment,
    (select count(*) from vehicles where desk_id = %(desk_id)s) as vehicles,
    (select count(*) from centres where desk_id = %(desk_id)s) as centres,
    (select count(*) from survey_questions where desk_id = %(desk_id)s) as survey_questions

-- name: desks
select id from desks order by id
