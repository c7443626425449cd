import CLinux
import Glibc

/// A link whose packets go to this process: Documentation/networking/tuntap.rst of the kernel. It is gone when the
/// value is.
package struct TunDevice: ~Copyable {
    private let descriptor: OwnedFileDescriptor

    /// Makes one, of a name that the kernel chooses, in `namespace`: opening the file is allowed to many who may not
    /// have the link.
    package init(in namespace: borrowing NetworkNamespace) throws(SystemError) {
        descriptor = try namespace.run { () throws(SystemError) in
            let descriptor = try OwnedFileDescriptor.open("/dev/net/tun", O_RDWR)
            var request = unsafe ifreq()
            unsafe request.ifr_ifru.ifru_flags = Int16(IFF_TUN | IFF_NO_PI)
            let raw = descriptor.rawValue
            try systemCall("make a TUN link") { unsafe ioctl(raw, clinux_TUNSETIFF, &request) }
            return descriptor
        }
    }
}
