-- Why each child meets each rule, as a sentence. Relations: rules (as `_relation` gives them), given (measure rows),
-- persons (PERSONS).
-- One reason a child and rule: what was owed first, or happened first.
with
met as (
    select
        given.child_key,
        given.person_id,
        rules.rule,
        rules.theme,
        coalesce(given.due_on, given.done_on) as since,
        replace(rules.says, '{reason}', given.reason) as said,
        given.event_id,
        given.anchor
    from given
    inner join rules on rules.source = given.measure
    left join persons on persons.child_key = given.child_key
    where
        given.child_key is not null
        and given.reason is not null
        and case rules.which
            when 'not met' then given.met is false and given.done_on is null
            when 'met' then given.met is true
            else true
        end
        and (
            len(rules.among) = 0
            or (persons.on_plan and list_contains(rules.among, 'on_plan'))
            or (persons.looked_after and list_contains(rules.among, 'looked_after'))
            or (persons.in_need and list_contains(rules.among, 'in_need'))
        )
        and (rules.at_least is null or given.value >= rules.at_least)
),

told_once as (
    select *
    from met
    qualify
        row_number() over (
            partition by child_key, rule
            order by since nulls last, anchor, event_id
        ) = 1
)

select
    child_key,
    person_id,
    rule,
    theme,
    since,
    upper(left(said, 1)) || substr(said, 2) || '.' as reason
from told_once
order by child_key, theme, rule
