"""What juries kept of a post that is purged."""

from django.db import transaction

from folkmoot.juries.actions.alert import SHOWN_BEFORE
from folkmoot.juries.models import Alert, Case, Jury
from folkmoot.threads.models import Post

GONE = {"subject": "", "source": "This post was removed for good."}


@transaction.atomic
def forget(post_id: int) -> None:
    """Its words go from its own cases and from those of the posts that answer it, and so do alerts on it and appeals."""
    of = [post_id]
    for back in range(1, SHOWN_BEFORE + 2):
        for case in Case.objects.filter(post_id__in=of).select_for_update(no_key=True):
            if len(case.content) >= back:
                case.content[-back] |= GONE
                case.save(update_fields=["content"])
        of = list(Post.objects.filter(parent_id__in=of).values_list("pk", flat=True))
    Alert.objects.filter(case__post_id=post_id).update(text="")
    Jury.objects.filter(case__post_id=post_id).update(appeal="")
