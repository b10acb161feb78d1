import polars as pl


def newest(roster: pl.DataFrame) -> pl.DataFrame:
    """The rows that count: of each person those of the highest revision."""
    return roster.filter(pl.col("revision") == pl.col("revision").max().over("group_id")).sort("agent", "from_day")


def test_a_person_is_in_one_place_at_a_time(facts, quiet_year):
    rows = newest(facts(quiet_year, "roster"))
    next_start = pl.col("from_day").shift(-1).over("agent")
    assert rows.filter(pl.col("until_day") <= pl.col("from_day")).is_empty()
    assert rows.filter(next_start.is_not_null() & (pl.col("until_day") != next_start)).is_empty()
    assert rows.filter(pl.col("from_day") < pl.col("hired_day")).is_empty()


def test_everybody_who_answers_is_on_the_roster_that_day(facts, quiet_year):
    legs = facts(quiet_year, "contacts").filter(pl.col("agent").is_not_null())
    days = legs.select("agent", day=((pl.col("started_ms") + 28_800_000) // 86_400_000).cast(pl.Int32)).unique()
    rows = newest(facts(quiet_year, "roster"))
    there = days.join(rows, on="agent").filter(
        (pl.col("day") >= pl.col("from_day")) & (pl.col("day") < pl.col("until_day").fill_null(10**6))
    )
    assert len(there) == len(days)


def test_people_join_leave_change_team_and_become_own_staff(facts, quiet_year):
    rows = newest(facts(quiet_year, "roster"))
    moved = (
        rows.filter(pl.col("agent").is_duplicated()).group_by("agent", maintain_order=True).agg("team", "employment")
    )
    assert ["North 2", "North 1"] in moved["team"].to_list()
    assert ["dispatched", "own"] in moved["employment"].to_list()
    people = rows.group_by("agent").agg(pl.min("hired_day"), left=pl.col("until_day").is_not_null().all())
    assert people["left"].sum() > 0
    assert people.filter(pl.col("hired_day") >= 20_454).height > 0  # 2026-01-01


def test_new_people_take_no_contact_before_their_training_is_over(facts, quiet_year):
    hidden = facts(quiet_year, "hidden")
    assert (
        hidden.group_by("company")
        .agg(pl.min("tenure_days"))
        .filter(pl.col("tenure_days") < pl.col("company").replace_strict({"Own": 42, "North": 14, "Harbor": 16}))
        .is_empty()
    )


def test_every_company_has_its_sites_and_at_least_two_teams(facts, quiet_year):
    rows = newest(facts(quiet_year, "roster"))
    found = rows.group_by("company").agg(pl.col("site").unique().sort(), pl.col("team").n_unique()).sort("company")
    assert found["site"].to_list() == [["Xiamen"], ["Hefei", "Wuhu"], ["Nanjing"]]
    assert found["team"].min() >= 2
