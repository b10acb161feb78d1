"""What the description of the API says, for the catalogue: the texts stand in the operations' own docstrings.

The document that programs read is in English; the page for people shows the same words in the reader's language. A
test names each text of an operation that is missing here.
"""

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("2026-11, 2026-10..2026-11, 2026-W43, or days"),
    gettext_noop("A day; today if left out"),
    gettext_noop("A metric by half hour and weekday, of one's own scope."),
    gettext_noop("All metrics with their formulas in words."),
    gettext_noop("Cancel a job: one that waits ends at once, one that runs when it next tells its progress."),
    gettext_noop(
        "Events of one's own company, oldest first; the client sees those that vendors share with it as well."
    ),
    gettext_noop("Figures of some metrics, by group, of one's own scope."),
    gettext_noop("Filters such as queue:tech"),
    gettext_noop(
        "Group by: agent, company, employment, site, team, tenure, queue, skill, topic, channel, "
        "day, month, week, weekday, hour, interval"
    ),
    gettext_noop("Heat Map"),
    gettext_noop("Hits of a kind at most"),
    gettext_noop("Imports of one's own company, the latest first."),
    gettext_noop("Job Cancellation"),
    gettext_noop("Jobs one may see, the latest first."),
    gettext_noop("Lines a page"),
    gettext_noop("Lines to skip"),
    gettext_noop("Me"),
    gettext_noop("Metrics and figures"),
    gettext_noop("Months such as 2026-11; all if left out"),
    gettext_noop("One Import"),
    gettext_noop("One company."),
    gettext_noop("One import and its state."),
    gettext_noop("One job."),
    gettext_noop("One person."),
    gettext_noop("One team."),
    gettext_noop("One webhook."),
    gettext_noop("Only hits of this kind"),
    gettext_noop("People by code, of one's own company; the client sees the codes of all."),
    gettext_noop("Person"),
    gettext_noop("Places of work, of one's own company; the client sees all."),
    gettext_noop("Reference of a metric"),
    gettext_noop("References of metrics"),
    gettext_noop("Roster Files"),
    gettext_noop("Rows a page"),
    gettext_noop("Rows behind figures"),
    gettext_noop("Rows to skip"),
    gettext_noop("Teams, of one's own company; the client sees all."),
    gettext_noop("Token"),
    gettext_noop("The companies you may know of."),
    gettext_noop("The roster files of one's own company, the latest first."),
    gettext_noop("The rows behind one side of a figure, of one's own scope; each call is logged with its purpose."),
    gettext_noop("The webhooks of one's own company."),
    gettext_noop("Webhook Deliveries"),
    gettext_noop("What personal data may be opened for."),
    gettext_noop("What was sent there and how it went, the latest first."),
    gettext_noop("What you may open that holds all the words: pages, people, teams, metrics, files and more."),
    gettext_noop("Who am I."),
    gettext_noop(
        "Who belongs where on a day: people of one's own company; the client sees all, with names where shared."
    ),
    gettext_noop("Words, all of which a hit holds; parts of words do"),
    gettext_noop("``next`` of the page before; without it the first page"),
    gettext_noop("numerator, others, denominator or excluded, as the metric has them"),
)
