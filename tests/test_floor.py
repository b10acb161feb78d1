import stat

import pytest

from onefloor.floor import BadSetting, FloorExists, NoFloor, Queue, create_floor, open_floor
from onefloor.periods import UnknownZone


@pytest.fixture
def floor(tmp_path):
    return create_floor(tmp_path / "myfloor", timezone="Asia/Shanghai", name='Hotline "1"')


def test_a_new_floor_opens_with_its_settings(floor):
    opened = open_floor(floor.root)
    assert (opened.name, opened.timezone, opened.currency) == ('Hotline "1"', "Asia/Shanghai", "CNY")
    assert opened.engine.name == "duckdb"


def test_the_customer_key_is_secret_and_differs_between_floors(floor, tmp_path):
    other = create_floor(tmp_path / "other", timezone="UTC")
    assert len(floor.customer_key()) == 32
    assert floor.customer_key() != other.customer_key()
    assert stat.S_IMODE((floor.root / "secrets" / "customer.key").stat().st_mode) == 0o600


def test_init_never_writes_into_a_folder_in_use(floor):
    with pytest.raises(FloorExists):
        create_floor(floor.root, timezone="Asia/Shanghai")


def test_an_unknown_zone_leaves_nothing_behind(tmp_path):
    with pytest.raises(UnknownZone):
        create_floor(tmp_path / "nowhere", timezone="Asia/Nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_without_settings_is_no_floor(tmp_path):
    with pytest.raises(NoFloor):
        open_floor(tmp_path)


def test_queues_say_whose_they_are(floor):
    with (floor.root / "floor.toml").open("a", encoding="utf-8") as file:
        file.write('\n[queues.tax]\nskill = "tax"\ncompany = "North"\n')
    assert open_floor(floor.root).queues == {"tax": Queue(skill="tax", company="North")}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[floor\n", "line 1"),
        ("[floor]\n", "no timezone"),
        ('[floor]\ntimezone = "UTC"\n[engine]\nname = "excel"\n', '"excel" is not known'),
        ('[floor]\ntimezone = "UTC"\n[queues.tax]\ncolour = "red"\n', "Remove ['colour']"),
        ('[floor]\ntimezone = "UTC"\n[queues]\ntax = 3\n', "[queues.tax]"),
    ],
)
def test_a_bad_setting_names_the_file_and_what_to_write(tmp_path, text, part):
    (tmp_path / "floor.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as caught:
        open_floor(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'floor.toml'}: ")
    assert part in str(caught.value)
