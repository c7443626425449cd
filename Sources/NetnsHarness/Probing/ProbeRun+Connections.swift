import Compiler
import Netlink
import NetworkState

/// Probes by TCP: a connection each, over which the question goes and the answer comes back.
extension ProbeRun {
    /// Starts as many connections as may be under way, opening their sockets in one pass over the namespaces.
    mutating func openConnections(with opener: SocketOpener) throws(SystemError) {
        guard mayConnect else { return }
        var batch: [Int] = []
        while batch.count < roomForConnections, let probe = connections.next() { batch.append(probe) }
        if batch.isEmpty { return }
        batch.sort { sources[$0] < sources[$1] }
        var requests: [SocketOpener.Request] = []
        for probe in batch {
            let family: SocketAddress.Family = probes.address(at: probe).family == .v4 ? .v4 : .v6
            requests.append(.init(namespace: sources[probe], kind: .connection, family: family))
        }
        for (probe, socket) in zip(batch, try opener.open(requests)) {
            begin(probe)
            try connect(probe, over: socket)
        }
    }

    private mutating func connect(_ probe: Int, over socket: ProbeSocket) throws(SystemError) {
        let address = probes.address(at: probe)
        let port = probes.port(at: probe)?.number ?? stations[station(targets[probe], address.family)].listenerPort
        let code = socket.connect(to: SocketAddress(address, port: port))
        if keepsFlows {
            flows[TCPFlow(sourcePort: socket.localPort, destination: address, destinationPort: port)] = probe
        }
        guard code == 0 else {
            fail(probe, code == Errno.connectionRefused ? .disconnected(code) : .notSent(code))
            return
        }
        try ask(over: socket, for: probe)
    }

    /// A connection over veth pairs commonly stands when the call that starts it returns, so the question goes at once.
    private mutating func ask(over socket: ProbeSocket, for probe: Int) throws(SystemError) {
        let code = socket.write(question(of: probe).bytes)
        guard code == 0 || code == Errno.wouldBlock else {
            if readConnectionErrors(socket, of: probe) { return }
            return fail(probe, .disconnected(code))
        }
        try keep(socket, for: probe, hasAsked: code == 0)
    }

    private func question(of probe: Int) -> ProbeMessage {
        ProbeMessage(nonce: nonce, probe: probe, sentAt: MonotonicTime.now.nanoseconds)
    }

    /// Closes the connection at once, and leaves the rest of the attempt's time to pass.
    private mutating func fail(_ probe: Int, _ cause: ProbeCause) {
        note(cause, for: probe)
        leave(probe)
    }

    /// Goes on with the connection of `probe`: ask when it stands, then read the answer.
    mutating func advance(
        _ event: Poller.Event, _ endpoint: Endpoint, of probe: Int, hasAsked: Bool
    ) throws(SystemError) {
        if event.hasError {
            if readConnectionErrors(endpoint.socket, of: probe) { return }
        }
        if event.isWritable && !hasAsked {
            try ask(event.token, endpoint, of: probe)
        } else if event.isReadable {
            readAnswer(event.token, endpoint, of: probe)
        }
    }

    /// The ICMP errors first, which name who sent them. A connection under way survives them until its time is up
    /// if they came in while the kernel was still sending (`tcp_v4_err` in net/ipv4/tcp_ipv4.c), as they do on veth pairs.
    /// True if the connection has ended.
    private mutating func readConnectionErrors(_ socket: ProbeSocket, of probe: Int) -> Bool {
        let reports = buffers.receiveErrors(from: socket).compactMap(\.error)
        let code = socket.takeError()
        if let report = reports.last {
            fail(probe, .error(report))
        } else if code != 0 {
            fail(probe, .disconnected(code))
        }
        return !reports.isEmpty || code != 0
    }

    private mutating func ask(_ token: UInt64, _ endpoint: Endpoint, of probe: Int) throws(SystemError) {
        let code = endpoint.socket.write(question(of: probe).bytes)
        guard code == 0 else { return fail(probe, .disconnected(code)) }
        endpoints[token]?.role = .outgoing(probe: probe, hasAsked: true)
        try poller.change(endpoint.socket, as: token, to: .reading)
    }

    private mutating func readAnswer(_ token: UInt64, _ endpoint: Endpoint, of probe: Int) {
        guard let received = read(token, endpoint) else { return fail(probe, .disconnected(0)) }
        guard received.count == ProbeMessage.length else { return }
        guard let message = ProbeMessage(received[...], nonce: nonce), Int(message.probe) == probe,
            let answer = message.answer
        else { return fail(probe, .answeredBy("another")) }
        if Int(answer.node) == targets[probe] {
            let roundTrip = endpoint.socket.roundTripMicroseconds ?? message.roundTripMicroseconds(until: .now)
            self.answer(probe, after: roundTrip, seen: answer.seen)
        } else {
            fail(probe, answeredBy(answer))
        }
    }

    /// What has come of a message over a connection so far; nil if the connection has ended.
    private mutating func read(_ token: UInt64, _ endpoint: Endpoint) -> [UInt8]? {
        let missing = ProbeMessage.length - endpoint.received.count
        guard let more = endpoint.socket.read(upTo: missing) else { return nil }
        let received = endpoint.received + more
        endpoints[token]?.received = received
        return received
    }

    mutating func acceptConnections(_ listener: ProbeSocket, of node: Int) throws(SystemError) {
        while let (connection, peer) = try listener.accept() {
            let role = Endpoint.Role.incoming(node: node, peer: IPAddress(peer))
            let endpoint = Endpoint(socket: connection, role: role)
            let token = endpoints.insert(endpoint)
            incomingCount += 1
            // The question comes with the packet that completes the connection, and so is there already.
            serve(token, endpoint, of: node, to: IPAddress(peer))
            if endpoints[token] != nil { try poller.watch(connection, as: token, for: .reading) }
        }
    }

    private mutating func dropIncoming(_ token: UInt64) {
        endpoints[token] = nil
        incomingCount -= 1
    }

    /// Answers the question that comes over an accepted connection; the side that asked ends it.
    mutating func serve(_ token: UInt64, _ endpoint: Endpoint, of node: Int, to peer: IPAddress) {
        guard let received = read(token, endpoint) else { return dropIncoming(token) }
        guard received.count == ProbeMessage.length else { return }
        endpoints[token]?.received = []
        guard let message = ProbeMessage(received[...], nonce: nonce), message.answer == nil,
            endpoint.socket.write(message.answered(by: node, seen: peer).bytes) == 0
        else { return dropIncoming(token) }
    }
}
