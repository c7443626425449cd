import Glibc
package import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that make TUN links: a user namespace's root has them only where the device file is for everyone.
    package static var tunDevice: Self {
        .enabled(
            if: unsafe access("/dev/net/tun", R_OK | W_OK) == 0 && canOpenTun(),
            "/dev/net/tun cannot be opened by this user: as root, modprobe tun; chmod 666 /dev/net/tun"
        )
    }

    /// The permission bits alone say nothing of a device that the kernel has no driver for.
    private static func canOpenTun() -> Bool {
        let descriptor = unsafe open("/dev/net/tun", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }
}
