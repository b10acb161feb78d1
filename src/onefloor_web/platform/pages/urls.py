"""Addresses of the frame itself."""

from django.urls import path

from onefloor_web.platform.pages import theme
from onefloor_web.platform.pages.gallery import views as gallery

urlpatterns = [
    path("theme/", theme.choose_theme, name="theme"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/jobs/<int:number>/", gallery.job, name="gallery_job"),
]
