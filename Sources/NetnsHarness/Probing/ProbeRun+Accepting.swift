import Compiler
import Netlink
import NetworkState

/// The other ends of probes by TCP, which nodes accept and answer.
extension ProbeRun {
    mutating func acceptConnections(_ listener: ProbeSocket, of node: Int) throws(SystemError) {
        while let token = try acceptConnection(listener, of: node) { try watchIncoming(token) }
    }

    /// Accepts the next connection that waits, and answers the question that has come with the packet that completed it; nil
    /// if none waits.
    mutating func acceptConnection(_ listener: ProbeSocket, of node: Int) throws(SystemError) -> UInt64? {
        guard let (connection, peer) = try listener.accept() else { return nil }
        let address = IPAddress(peer)
        let endpoint = Endpoint(socket: connection, role: .incoming(node: node, peer: address))
        let token = endpoints.insert(endpoint)
        incomingCount += 1
        serve(token, endpoint, of: node, to: address)
        return token
    }

    /// Waits for what else comes over an accepted connection, unless it is over.
    mutating func watchIncoming(_ token: UInt64) throws(SystemError) {
        guard let endpoint = endpoints[token] else { return }
        try poller.watch(endpoint.socket, as: token, for: .reading)
    }

    mutating func dropIncoming(_ token: UInt64) {
        guard endpoints[token] != nil else { return }
        endpoints[token] = nil
        incomingCount -= 1
    }

    /// Answers the question that comes over an accepted connection; the side that asked ends it.
    mutating func serve(_ token: UInt64, _ endpoint: Endpoint, of node: Int, to peer: IPAddress) {
        guard case .bytes(let received) = read(token, endpoint) else { return dropIncoming(token) }
        guard received.count == ProbeMessage.length else { return }
        if !endpoint.received.isEmpty { endpoints[token]?.received = [] }
        guard let message = ProbeMessage(received[...], nonce: nonce), message.answer == nil,
            endpoint.socket.write(message.answered(by: node, seen: peer).bytes) == 0
        else { return dropIncoming(token) }
    }
}
