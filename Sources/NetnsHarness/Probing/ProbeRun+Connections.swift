import Compiler
import Netlink
import NetworkState

/// Probes by TCP: a connection each, over which the question goes and the answer comes back.
extension ProbeRun {
    /// Starts some connections, opening their sockets in one pass over the namespaces.
    mutating func openConnections(with opener: SocketOpener) throws(SystemError) {
        guard mayConnect else { return }
        let most = min(Self.connectionsTogether, roomForConnections)
        var batch: [Int] = []
        while batch.count < most, let probe = connections.next() { batch.append(probe) }
        if batch.isEmpty { return }
        // The last is taken first, and its socket closed before the next one's is used.
        batch.sort { sources[$0] > sources[$1] }
        var requests: [SocketOpener.Request] = []
        for probe in batch {
            let family: SocketAddress.Family = probes.address(at: probe).family == .v4 ? .v4 : .v6
            requests.append(.init(namespace: sources[probe], kind: .connection, family: family))
        }
        var sockets = try opener.open(requests)
        while let probe = batch.popLast(), let socket = sockets.popLast() {
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
        let token = keep(socket, for: probe, hasAsked: code == 0)
        if code == 0 { return try converse(token, over: socket, for: probe) }
        try poller.watch(socket, as: token, for: .readingAndWriting)
    }

    /// The question and its answer have commonly come too when the calls return that send them: the connection is over before
    /// anything has to be watched, and what the kernel has of it is in the processor's caches all the time.
    private mutating func converse(
        _ token: UInt64, over socket: ProbeSocket, for probe: Int
    ) throws(SystemError) {
        let target = targets[probe]
        let listener = stations[station(target, probes.address(at: probe).family)].listener
        var incoming: UInt64?
        if probes.port(at: probe) == nil, let listener { incoming = try acceptConnection(listener, of: target) }
        if let endpoint = endpoints[token] { readAnswer(token, endpoint, of: probe) }
        if endpoints[token] != nil { try poller.watch(socket, as: token, for: .reading) }
        guard let incoming else { return }
        if progress[probe].isReachable { dropIncoming(incoming) } else { try watchIncoming(incoming) }
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
        let received: [UInt8]
        switch read(token, endpoint) {
        case .bytes(let bytes): received = bytes
        case .ended(let code):
            if !readConnectionErrors(endpoint.socket, of: probe) { fail(probe, .disconnected(code)) }
            return
        }
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

    /// What has come of a message over a connection so far.
    mutating func read(_ token: UInt64, _ endpoint: Endpoint) -> ConnectionReading {
        let reading = endpoint.socket.read(upTo: ProbeMessage.length - endpoint.received.count)
        guard case .bytes(let more) = reading else { return reading }
        if more.isEmpty || more.count == ProbeMessage.length { return reading }
        let received = endpoint.received + more
        endpoints[token]?.received = received
        return .bytes(received)
    }
}
