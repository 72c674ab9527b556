# shellcheck shell=sh
# Read by `run` and `test`: brings Python, the packages of a lock file and system libraries together in .venv.
# Knows neither what is run nor what is tested. POSIX sh; nothing here changes the caller's folder.

root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
venv=$root/.venv
log=$root/.venv/setup.log

say() { printf 'cocomposer: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# as_root COMMAND…: run it as root; fails without asking where that is not possible.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo -n "$@"
    else
        return 1
    fi
}

# apt_install PACKAGE…: install through apt, or name the line to type. Systems without apt go on: names differ there.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 0
    say "installing system packages: $*"
    if as_root true >/dev/null 2>&1; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1
        packages=
        for package; do
            # Debian 13 and Ubuntu 24.04 renamed libraries when their time became 64 bits wide.
            if apt-cache show "${package}t64" >/dev/null 2>&1; then package=${package}t64; fi
            packages="$packages $package"
        done
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $packages </dev/null >/dev/null 2>&1 ||
            fail "apt could not install$packages; check the network connection and run this again."
    else
        fail "system packages are missing; type: sudo apt-get install --yes $*"
    fi
}

# need_libraries: reads lines of "LIBRARY PACKAGE" and installs the package of each library that is not there.
need_libraries() {
    ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
    [ -x "$ldconfig" ] || return 0
    present=$("$ldconfig" -p)
    wanted=
    while read -r library package; do
        case $present in
        *"$library "*) ;;
        *) wanted="$wanted $package" ;;
        esac
    done
    # shellcheck disable=SC2086
    [ -z "$wanted" ] || apt_install $wanted
}

# need_programs: reads lines of "PROGRAM PACKAGE" and installs the package of each program that is not there.
need_programs() {
    wanted=
    while read -r program package; do
        command -v "$program" >/dev/null 2>&1 || wanted="$wanted $package"
    done
    # shellcheck disable=SC2086
    [ -z "$wanted" ] || apt_install $wanted
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1; }

find_python() {
    python=
    for candidate in ${PYTHON:-} python3.12 python3.11 python3; do
        if fits "$candidate"; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

make_venv() {
    if [ -x "$venv/bin/python" ] && fits "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    if ! find_python; then
        apt_install python3 python3-venv
        find_python || fail "Python 3.11 or 3.12 is needed; install one and run this again (PYTHON=… names it)."
    fi
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        apt_install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 ||
        fail "$python could not make a virtual environment in $venv; install its venv module and run this again."
}

# pip_install ARGS…: pip, with its many lines in the log and one sentence on failure.
pip_install() {
    if "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --retries 2 "$@" >>"$log" 2>&1; then
        return 0
    fi
    if grep -q -E 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|ProtocolError' "$log"; then
        fail "the Python packages could not be downloaded; check the network connection and run this again."
    fi
    if grep -q 'No space left on device' "$log"; then
        fail "the disk is full; free 3 GB and run this again."
    fi
    fail "the Python packages could not be installed; the last lines of $log say why."
}

# ready NAME FILE…: whether the set-up NAME was finished for these files at this place.
ready() {
    name=$1
    shift
    state="$root $(cat "$@" "$root/pyproject.toml" "$root/packaging/setup.sh" "$0" | cksum)"
    [ -x "$venv/bin/python" ] && [ -f "$venv/ready-$name" ] && read -r was <"$venv/ready-$name" && [ "$was" = "$state" ]
}

# Set-ups are marked as finished last, so an interrupted one is taken up again.
mark_ready() { printf '%s\n' "$state" >"$venv/ready-$name"; }

# install_lock FILE: everything in the lock, each file held against its hash, then this project where it lies.
install_lock() {
    make_venv
    : >"$log"
    pip_install --require-hashes -r "$1"
    pip_install --no-deps --no-build-isolation -e "$root"
}

# Whether a window can be opened here.
display_there() { [ "$(uname -s)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

# What python-rtmidi, Qt's offscreen platform and Qt's network (krb5) load from the system. libfontconfig1 brings a font.
need_runtime_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    need_libraries <<'END'
libasound.so.2 libasound2
libglib-2.0.so.0 libglib2.0-0
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11.so.6 libx11-6
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libgssapi_krb5.so.2 libgssapi-krb5-2
libxkbcommon.so.0 libxkbcommon0
END
}

# What Qt's platforms for a display load besides (ldd of PySide6's libqxcb.so and libqwayland.so).
need_window_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    need_libraries <<'END'
libX11-xcb.so.1 libx11-xcb1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-render.so.0 libxcb-render0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
END
}
