import CLinux
import Glibc

/// The kernel's times of packets.
///
/// It stamps packets only while some socket asks for it, and begins a moment after the first one does (`net_enable_timestamp`
/// in net/core/dev.c): until then a frame has the time at which it was read, and frames from several sockets cannot be put
/// in order.
package enum PacketStamps {
    /// What switching them on takes, with room to spare.
    private static let delay: CInt = 20

    /// Asks as long as the socket lives whose number this is: it is closed with the process, or with the table of descriptors.
    private static let asking: Result<CInt, SystemError> = Result { () throws(SystemError) in
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open a socket that asks for packets' times") { socket(AF_INET, kind, 0) }
        var on: CInt = 1
        unsafe setsockopt(raw, SOL_SOCKET, SO_TIMESTAMPNS, &on, socklen_t(MemoryLayout<CInt>.size))
        poll(nil, 0, delay)
        return raw
    }

    /// Returns once packets are stamped, and has them be from then on: as long as the calling thread's table of descriptors lives, so
    /// a process whose threads have tables of their own does it before it starts them.
    package static func switchOn() throws(SystemError) { _ = try asking.get() }
}
