import Netlink
import NetworkState

/// A socket of a run, and what it is there for.
struct Endpoint {
    enum Role {
        /// Of a node, by index.
        case echo(Int)
        case client(Int)
        case responder(Int)
        case listener(Int)
        /// The connection of a probe, by index; it asks as soon as it stands.
        case outgoing(probe: Int, hasAsked: Bool)
        /// A connection that a node accepted, and from whom.
        case incoming(node: Int, peer: IPAddress)
    }

    let socket: ProbeSocket
    var role: Role
    /// What has come of a message over a connection.
    var received: [UInt8] = []
}

/// The sockets of a run by token. A token is used once: an event for a socket that has been closed since finds nothing.
struct EndpointTable {
    private var slots: [(generation: UInt32, endpoint: Endpoint?)] = []
    private var free: [Int] = []

    mutating func insert(_ endpoint: Endpoint) -> UInt64 {
        if let slot = free.popLast() {
            slots[slot].generation &+= 1
            slots[slot].endpoint = endpoint
            return token(slot)
        }
        slots.append((0, endpoint))
        return token(slots.count - 1)
    }

    /// Setting nil closes the socket, unless someone else holds it too.
    subscript(token: UInt64) -> Endpoint? {
        get {
            let slot = Int(truncatingIfNeeded: token & 0xffff_ffff)
            return slots[slot].generation == token >> 32 ? slots[slot].endpoint : nil
        }
        set {
            let slot = Int(truncatingIfNeeded: token & 0xffff_ffff)
            guard slots[slot].generation == token >> 32, slots[slot].endpoint != nil else { return }
            slots[slot].endpoint = newValue
            if newValue == nil { free.append(slot) }
        }
    }

    private func token(_ slot: Int) -> UInt64 { UInt64(slots[slot].generation) << 32 | UInt64(slot) }
}
