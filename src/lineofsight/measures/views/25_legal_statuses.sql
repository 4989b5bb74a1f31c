-- Legal statuses as periods: `open_until` is the first day the status no longer holds. A row with no status says nothing.
select
    lega_person_id as person_id,
    upper(trim(lega_legal_status)) as status,
    lega_legal_status_start_date as started_on,
    coalesce(lega_legal_status_end_date, date '9999-12-31') as open_until
from ssd_legal_status
where lega_person_id is not null and lega_legal_status_start_date is not null and lega_legal_status is not null
