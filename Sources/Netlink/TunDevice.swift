import CLinux
import Glibc

/// A link whose packets go to this process: Documentation/networking/tuntap.rst of the kernel. Unless it was made
/// persistent, it is gone when the value is.
package struct TunDevice: ~Copyable {
    private static let path = "/dev/net/tun"

    let descriptor: OwnedFileDescriptor

    /// Makes one, of a name that the kernel chooses, in `namespace`: opening the file is allowed to many who may not
    /// have the link.
    package init(in namespace: borrowing NetworkNamespace) throws(SystemError) {
        descriptor = try namespace.run { () throws(SystemError) in
            try Self.attach("", flags: 0, "make a TUN link")
        }
    }

    /// Makes one that stays until it is deleted like any other link: `ip tuntap add dev NAME mode tun`. Nobody reads
    /// its packets yet. Where there is a link of that name already, of whatever kind, that is an error: `EBUSY`.
    package static func makePersistent(
        name: String, in namespace: borrowing NetworkNamespace
    ) throws(SystemError) {
        _ = try namespace.run { () throws(SystemError) in
            let descriptor = try attach(name, flags: IFF_TUN_EXCL, "make TUN link '\(name)'")
            let raw = descriptor.rawValue
            try systemCall("make TUN link '\(name)' persistent") { clinux_ioctl(raw, clinux_TUNSETPERSIST, 1) }
            return descriptor
        }
    }

    /// A device of the calling thread's namespace, without the four bytes that would stand before each packet
    /// (`IFF_NO_PI`). An empty name leaves the choice to the kernel.
    static func attach(
        _ name: String, flags: CInt, _ operation: String
    ) throws(SystemError) -> OwnedFileDescriptor {
        let descriptor = try OwnedFileDescriptor.open(path, O_RDWR)
        guard name.utf8.count < IFNAMSIZ else { throw SystemError(operation, errno: ENAMETOOLONG) }
        var request = unsafe ifreq()
        unsafe withUnsafeMutableBytes(of: &request.ifr_ifrn) { unsafe $0.copyBytes(from: name.utf8) }
        unsafe request.ifr_ifru.ifru_flags = Int16(truncatingIfNeeded: IFF_TUN | IFF_NO_PI | flags)
        let raw = descriptor.rawValue
        try systemCall(operation) { unsafe ioctl(raw, clinux_TUNSETIFF, &request) }
        return descriptor
    }
}
