import Compiler
import Netlink
import NetworkState

/// Probes by ICMP and UDP.
extension ProbeRun {
    /// Sends the question of an attempt that has begun.
    mutating func send(_ probe: Int) {
        let (source, address) = (sources[probe], probes.address(at: probe))
        let station = station(source, address.family)
        let message = ProbeMessage(nonce: nonce, probe: probe, sentAt: MonotonicTime.now.nanoseconds)
        if probes.protocol(at: probe) == .icmp {
            let packet = EchoPacket(
                requestWith: identifier(of: source), sequence: UInt16(truncatingIfNeeded: probe),
                payload: message.bytes)
            send(packet.bytes(address.family), through: stations[station].echo, to: SocketAddress(address), for: probe)
        } else {
            let port =
                probes.port(at: probe)?.number ?? stations[self.station(targets[probe], address.family)].responderPort
            send(message.bytes, through: stations[station].client, to: SocketAddress(address, port: port), for: probe)
        }
    }

    /// A call on a socket in which an error waits fails with that and does nothing else: read the errors and send again.
    private mutating func send(
        _ bytes: [UInt8], through socket: ProbeSocket?, to peer: SocketAddress, for probe: Int
    ) {
        guard let socket else { preconditionFailure("no socket was opened for the probe") }
        if socket.send(bytes, to: peer) == 0 { return }
        readErrors(socket, of: sources[probe])
        let code = socket.send(bytes, to: peer)
        if code != 0 { note(.notSent(code), for: probe) }
    }

    mutating func readEchoReplies(_ socket: ProbeSocket, of node: Int) {
        let family: IPAddress.Family = socket.family == .v4 ? .v4 : .v6
        for datagram in buffers.receive(from: socket) {
            guard let packet = EchoPacket(received: datagram.payload, family), !packet.isRequest,
                let message = ProbeMessage(packet.payload, nonce: nonce)
            else { continue }
            accept(message, datagram, by: .icmp, at: node)
        }
    }

    mutating func readAnswers(_ socket: ProbeSocket, of node: Int) {
        for datagram in buffers.receive(from: socket) {
            guard let message = ProbeMessage(datagram.payload[...], nonce: nonce), message.answer != nil else {
                continue
            }
            accept(message, datagram, by: .udp, at: node)
        }
    }

    /// An answer counts when it comes from the address that was asked and, as far as can be told, from the node meant.
    private mutating func accept(
        _ message: ProbeMessage, _ datagram: ReceivedDatagram, by protocol: ProbeProtocol, at node: Int
    ) {
        guard let probe = index(of: message, at: node, by: `protocol`), let peer = datagram.peer else { return }
        if IPAddress(peer) != probes.address(at: probe) {
            note(.answeredFrom(IPAddress(peer)), for: probe)
        } else if let answer = message.answer, Int(answer.node) != targets[probe] {
            note(answeredBy(answer), for: probe)
        } else {
            let roundTrip = message.roundTripMicroseconds(until: datagram.arrival)
            self.answer(probe, after: roundTrip, seen: message.answer?.seen)
        }
    }

    /// The probe that a message says it belongs to, if that is one of `node`'s by that protocol.
    func index(of message: ProbeMessage, at node: Int, by protocol: ProbeProtocol) -> Int? {
        let probe = Int(message.probe)
        guard probes.indices.contains(probe), sources[probe] == node, probes.protocol(at: probe) == `protocol` else {
            return nil
        }
        return probe
    }

    func answeredBy(_ answer: ProbeMessage.Answer) -> ProbeCause {
        let node = Int(answer.node)
        return .answeredBy(nodes.indices.contains(node) ? nodes[node].name : "another")
    }

    /// Sends every question back to where it seemed to come from, leaving from the address that was asked.
    mutating func answerQuestions(_ socket: ProbeSocket, of node: Int) {
        for datagram in buffers.receive(from: socket) {
            guard let message = ProbeMessage(datagram.payload[...], nonce: nonce), message.answer == nil,
                let peer = datagram.peer
            else { continue }
            let held = MonotonicTime.now.nanoseconds - datagram.arrival.nanoseconds
            let answer = message.answered(by: node, seen: IPAddress(peer), held: held)
            // What does not get back shows at the sender, as silence: there is no one to tell here.
            _ = socket.send(answer.bytes, to: peer, from: datagram.local)
        }
    }
}

/// What became of packets that were not answered.
extension ProbeRun {
    mutating func readErrors(_ socket: ProbeSocket, of node: Int) {
        for datagram in buffers.receiveErrors(from: socket) {
            guard let report = datagram.error, let probe = probe(quotedIn: datagram, by: socket, of: node) else {
                continue
            }
            note(.error(report), for: probe)
        }
        // Its errno has been told; left there it would keep the poller awake.
        _ = socket.takeError()
    }

    private func probe(quotedIn datagram: ReceivedDatagram, by socket: ProbeSocket, of node: Int) -> Int? {
        var payload = datagram.payload[...]
        if socket.kind == .echo {
            let family: IPAddress.Family = socket.family == .v4 ? .v4 : .v6
            guard let packet = EchoPacket(payload, family), packet.identifier == identifier(of: node) else {
                return nil
            }
            payload = packet.payload
        }
        let kind: ProbeProtocol = socket.kind == .echo ? .icmp : .udp
        if let message = ProbeMessage(payload, nonce: nonce) { return index(of: message, at: node, by: kind) }
        return datagram.peer.flatMap { probe(to: IPAddress($0), of: node, by: kind) }
    }

    /// Some routers quote no more than eight bytes beyond the IP header (RFC 792): enough for the destination.
    private func probe(to address: IPAddress, of node: Int, by protocol: ProbeProtocol) -> Int? {
        share.first {
            sources[$0] == node && probes[$0].address == address && probes[$0].protocol == `protocol`
                && !progress[$0].isConcluded
        }
    }
}
