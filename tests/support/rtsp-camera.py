"""A real RTSP server that plays an H.264 MP4 again and again as one live camera on loopback.

rtsp-camera.py CLIP PORT [--certificate PEM] [--digest NAME:PASSWORD] [--basic NAME:PASSWORD]

PEM holds a certificate and its key; with it the server speaks RTSPS. Needs python3-gi, gir1.2-gst-rtsp-server-1.0,
gstreamer1.0-plugins-{base,good,bad}, and glib-networking for RTSPS. Timestamps go on over the loop.
"""

import argparse

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtspServer  # noqa: E402

UNITS = "video/x-h264,stream-format=byte-stream,alignment=au"


class Player:
    """Reads the clip in real time and pushes its access units into the served pipeline, each loop after the one before."""

    def __init__(self, clip, source):
        self.clip, self.source = clip, source
        self.base = self.end = 0
        self.pipeline = None

    def play(self):
        self.pipeline = Gst.parse_launch(
            f'filesrc location="{self.clip}" ! qtdemux ! h264parse config-interval=-1 ! {UNITS}'
            " ! appsink name=units emit-signals=true sync=true max-buffers=4"
        )
        self.pipeline.get_by_name("units").connect("new-sample", self.push)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::eos", self.again)
        self.pipeline.set_state(Gst.State.PLAYING)

    def push(self, units):
        buffer = units.emit("pull-sample").get_buffer().copy_deep()
        at = buffer.pts if buffer.pts != Gst.CLOCK_TIME_NONE else buffer.dts
        buffer.pts, buffer.dts = self.base + at, Gst.CLOCK_TIME_NONE
        length = buffer.duration if buffer.duration != Gst.CLOCK_TIME_NONE else Gst.SECOND // 25
        self.end = max(self.end, buffer.pts + length)
        accepted = self.source.emit("push-buffer", buffer) == Gst.FlowReturn.OK
        return Gst.FlowReturn.OK if accepted else Gst.FlowReturn.EOS

    def again(self, bus, _message):
        bus.remove_signal_watch()
        if self.stop():
            self.base = self.end
            self.play()

    def stop(self, *_):
        pipeline, self.pipeline = self.pipeline, None
        if pipeline:
            pipeline.set_state(Gst.State.NULL)
        return pipeline is not None


class Camera(GstRtspServer.RTSPMediaFactory):
    def __init__(self, clip):
        super().__init__()
        self.clip = clip
        self.set_shared(True)
        self.connect("media-configure", self.feed)

    def do_create_element(self, _url):
        pipeline = Gst.parse_launch(
            f"( appsrc name=source is-live=true format=time caps={UNITS} ! h264parse config-interval=-1"
            " ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
        )
        return pipeline

    def feed(self, _factory, media):
        player = Player(self.clip, media.get_element().get_by_name("source"))
        media.connect("unprepared", player.stop)
        player.play()


def authentication(arguments, factory):
    """Whoever has no account sees nothing; without accounts everybody may see."""
    auth = GstRtspServer.RTSPAuth()
    if arguments.certificate:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(arguments.certificate))
    viewer = GstRtspServer.RTSPToken()
    viewer.set_string("media.factory.role", "viewer")
    account = arguments.digest or arguments.basic
    if account:
        name, password = account.split(":", 1)
        if arguments.digest:
            auth.set_supported_methods(gi.repository.GstRtsp.RTSPAuthMethod.DIGEST)
            auth.add_digest(name, password, viewer)
        else:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(name, password), viewer)
    else:
        auth.set_default_token(viewer)
    roles = Gst.Structure.new_empty("viewer")
    for permission in ("media.factory.access", "media.factory.construct"):
        roles.set_value(permission, True)
    factory.add_role_from_structure(roles)
    return auth


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clip")
    parser.add_argument("port")
    for option in ("--certificate", "--digest", "--basic"):
        parser.add_argument(option)
    arguments = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(arguments.port)
    factory = Camera(arguments.clip)
    server.set_auth(authentication(arguments, factory))
    server.get_mount_points().add_factory("/cam", factory)
    server.attach(None)
    GLib.MainLoop().run()


main()
