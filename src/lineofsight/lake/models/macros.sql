-- Words shared by the read models. `code_words(list, code, words, within)` holds the national code lists, codes in
-- lower case, `within` being the words as they stand in the middle of a sentence; `outcome_words(flag, words)`
-- the names that the SSD gives to outcomes inside its JSON columns.

-- a code as the lists spell it: systems write 'N1', 'n1 ' or 'N1 - Abuse or neglect'
create macro code_of(raw) as lower(trim(split_part(raw, ' - ', 1)));

-- words as they stand in the middle of a sentence: the first letter small, unless it opens an abbreviation
create macro inside(words) as case
    when regexp_matches(words, '^[A-Z][a-z ]') then lower(left(words, 1)) || substr(words, 2)
    else words
end;

-- 'Section 47 enquiry finished: no further action', or without what follows where nothing is recorded
create macro told(lead, words) as lead || coalesce(': ' || words, '');

-- the parts that are there, joined by commas; null where none is
create macro parts(words) as nullif(array_to_string(list_filter(words, lambda word: trim(word) <> ''), ', '), '');

create macro days_between(first, last) as
    (last - first) || case when last - first = 1 then ' day' else ' days' end;

create macro after_days(first, last) as
    case when last = first then 'the same day' else 'after ' || days_between(first, last) end;

create macro visit_words(seen, alone, bedroom) as
    case
        when seen = 'N' then 'not seen'
        when seen = 'Y' and alone = 'Y' then 'seen, seen alone'
        when seen = 'Y' and alone = 'N' then 'seen, not alone'
        when seen = 'Y' then 'seen'
        else 'whether seen is not recorded'
    end
    || case bedroom when 'Y' then ', bedroom seen' when 'N' then ', bedroom not seen' else '' end;

set variable outcome_words = (select map(list(flag), list(words)) from outcome_words);

set variable merged_teams = (select map(list(team_id), list(into_id)) from merged_teams);

-- the team that a team's work belongs to on the snapshot's date: itself, or what it was merged into
create macro now_team(id) as coalesce(map_extract_value(getvariable('merged_teams'), id), id);

-- the outcomes marked yes in an SSD outcome column, as words
create macro outcomes_of(outcome) as
    parts(list_transform(
        regexp_extract_all(outcome, '([A-Za-z0-9_]+)_FLAG"?\s*:\s*"?(Y|y|Yes|YES|true|TRUE|1)\b', 1),
        lambda flag: coalesce(
            map_extract_value(getvariable('outcome_words'), upper(flag)), lower(replace(flag, '_', ' ')))
    ));

-- what somebody typed beside the outcomes
create macro comment_of(outcome) as nullif(trim(replace(replace(
    regexp_extract(outcome, '"(?:OUTCOME_)?COMMENTS"\s*:\s*"((?:[^"\\]|\\.)*)"', 1), '\"', '"'), '\n', ' ')), '');
