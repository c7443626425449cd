import CLinux
import Glibc

/// The kernel's times of packets.
///
/// It stamps packets only while some socket asks for it, and begins a moment after the first one does (`net_enable_timestamp`
/// in net/core/dev.c): until then a frame has the time at which it was read, and frames from several sockets cannot be put
/// in order.
enum PacketStamps {
    /// What switching them on takes, with room to spare.
    private static let delay: CInt = 20

    /// Asks for as long as this process lives. Its number, or -1 where there is no socket to be had.
    private static let asking: CInt = {
        let raw = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: CInt = 1
        if raw >= 0 { unsafe setsockopt(raw, SOL_SOCKET, SO_TIMESTAMPNS, &on, socklen_t(MemoryLayout<CInt>.size)) }
        poll(nil, 0, delay)
        return raw
    }()

    /// Returns once packets are stamped, and has them be from then on.
    static func switchOn() { _ = asking }
}
