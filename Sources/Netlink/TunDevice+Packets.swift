import CLinux
import Glibc

extension TunDevice {
    /// Takes over the packets of the persistent device called `name` of the calling thread's namespace, which takes no
    /// privilege that entering one would. Reading never waits.
    ///
    /// Fails with `EBUSY` where another process has it. A link that is not there would be made, and would be gone with
    /// this process: that is `ENODEV`, as for any other link.
    package init(attachingTo name: String) throws(SystemError) {
        let operation = "attach to TUN link '\(name)'"
        guard unsafe if_nametoindex(name) != 0 else { throw SystemError(operation, errno: ENODEV) }
        let attached = try Self.attach(name, flags: 0, operation)
        var request = unsafe ifreq()
        let raw = attached.rawValue
        try systemCall(operation) { unsafe ioctl(raw, clinux_TUNGETIFF, &request) }
        guard unsafe CInt(request.ifr_ifru.ifru_flags) & IFF_PERSIST != 0 else {
            throw SystemError(operation, errno: ENODEV)
        }
        try systemCall(operation) { fcntl(raw, F_SETFL, O_NONBLOCK) }
        descriptor = attached
    }
}
