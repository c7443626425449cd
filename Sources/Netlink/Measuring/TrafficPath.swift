import CLinux
import Glibc

/// The way of measured traffic: from a client in one namespace to a server in another.
package final class TrafficPath: Sendable {
    private let client: NetworkNamespace
    private let server: NetworkNamespace
    /// Whom the client talks to: not the server's own address where the network translates it.
    private let target: SocketAddress
    let clock: ProcessorClock

    /// The server listens on the port of `target`, or if that is 0 on one of its kernel's choice.
    package init(
        from client: consuming NetworkNamespace, to server: consuming NetworkNamespace, target: SocketAddress,
        clock: ProcessorClock
    ) {
        self.client = client
        self.server = server
        self.target = target
        self.clock = clock
    }

    /// A TCP connection, with nothing under way on it.
    func connect() throws(SystemError) -> TrafficEnds {
        let (family, port) = (target.family, target.port)
        let listener = try server.run { () throws(SystemError) in
            let socket = try TrafficSocket.open(SOCK_STREAM, family)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
            try socket.bind(to: port)
            try systemCall("listen") { listen(socket.raw, 1) }
            return socket
        }
        let peer = SocketAddress(family, bits: target.bits, port: try listener.localPort)
        let socket = try client.run { () throws(SystemError) in
            let socket = try TrafficSocket.open(SOCK_STREAM, family)
            try socket.connect(to: peer)
            return socket
        }
        let accepted = try listener.accept()
        // Closing leaves no TIME_WAIT behind: the next connection is measured from a clean table.
        try socket.set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        for end in [socket.raw, accepted.raw] { try TrafficSocket.set(end, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)) }
        return TrafficEnds(client: socket, server: accepted)
    }

    /// A UDP socket that waits, and one that sends to it.
    func openDatagrams() throws(SystemError) -> TrafficEnds {
        let target = target
        let receiver = try server.run { () throws(SystemError) in
            let socket = try TrafficSocket.open(SOCK_DGRAM, target.family)
            socket.enlargeReceiveBuffer()
            try socket.bind(to: target.port)
            return socket
        }
        let sender = try client.run { () throws(SystemError) in
            let socket = try TrafficSocket.open(SOCK_DGRAM, target.family)
            try socket.connect(to: target)
            return socket
        }
        return TrafficEnds(client: sender, server: receiver)
    }
}

/// The two sockets of a path.
struct TrafficEnds: ~Copyable {
    let client: TrafficSocket
    let server: TrafficSocket
}
