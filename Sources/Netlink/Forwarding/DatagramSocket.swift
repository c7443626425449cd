import CLinux
import Glibc

/// A UDP socket at an address of this host, for many datagrams from and to many peers.
package struct DatagramSocket: ~Copyable {
    /// Room for a burst while the process is not scheduled: as much as the system grants.
    private static let bufferSize: CInt = 4 << 20
    /// Sending waits for room, which holds back the TUN link's queue; but not for ever.
    private static let sendTimeout = timeval(tv_sec: 0, tv_usec: 100_000)

    let descriptor: OwnedFileDescriptor

    /// Binds to `address` in the calling thread's namespace.
    package init(at address: SocketAddress) throws(SystemError) {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open UDP socket") { socket(address.family.domain, type, 0) }
        let opened = OwnedFileDescriptor(owning: raw)
        try systemCall("bind UDP port \(address.port) of this host's address") {
            unsafe address.withPointer { unsafe bind(raw, $0, $1) }
        }
        try Self.configure(raw)
        descriptor = opened
    }

    private static func configure(_ raw: CInt) throws(SystemError) {
        for (forced, asked) in [(SO_RCVBUFFORCE, SO_RCVBUF), (SO_SNDBUFFORCE, SO_SNDBUF)] {
            if set(raw, forced, bufferSize) != 0 { _ = set(raw, asked, bufferSize) }
        }
        try systemCall("limit the time that sending takes") { set(raw, SO_SNDTIMEO, sendTimeout) }
    }

    private static func set<Value>(_ raw: CInt, _ option: CInt, _ value: Value) -> CInt {
        unsafe withUnsafePointer(to: value) {
            unsafe setsockopt(raw, SOL_SOCKET, option, $0, socklen_t(MemoryLayout<Value>.size))
        }
    }
}

/// Sends IP packets, headers and all, as this host's own: raw(7) with `IPPROTO_RAW`.
package struct PacketSender: ~Copyable {
    private let v4: OwnedFileDescriptor
    private let v6: OwnedFileDescriptor

    /// In the calling thread's namespace.
    package init() throws(SystemError) {
        let first = try Self.open(.v4)
        let second = try Self.open(.v6)
        v4 = first
        v6 = second
    }

    private static func open(_ family: SocketAddress.Family) throws(SystemError) -> OwnedFileDescriptor {
        let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return try OwnedFileDescriptor(
            owning: systemCall("open raw socket") { socket(family.domain, type, CInt(IPPROTO_RAW)) })
    }

    func descriptor(_ family: SocketAddress.Family) -> CInt {
        switch family {
        case .v4: v4.rawValue
        case .v6: v6.rawValue
        }
    }
}
