"""The address of attached files."""

from django.urls import path

from onefloor_web.platform.uploads import views

urlpatterns = [path("attachments/<int:number>/", views.attachment, name="attachment")]
