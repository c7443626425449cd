import Netlink
import NetworkState

/// Asks many MTU questions at once, by echo requests (ICMP) that may not be taken apart.
struct MTUProber: ~Copyable {
    /// How long to wait for what is missing, round by round; nothing that was sent before is forgotten.
    private static let rounds: [Duration] = [.milliseconds(300), .milliseconds(700), .milliseconds(1500)]
    /// So large packets fill a receive buffer soon.
    private static let packetsBetweenReads = 16

    private struct Station: Hashable {
        let source: Int
        /// 4 or 6.
        let family: Int

        var socketFamily: SocketAddress.Family { family == 4 ? .v4 : .v6 }
    }

    private let nonce = UInt64.random(in: 0 ... .max)
    private let identifier = UInt16.random(in: 0 ... .max)
    private let stations: [Station]
    private let sockets: [ProbeSocket]
    private var poller: Poller
    private var buffers = ReceiveBuffers(count: 64, payloadCapacity: 512)
    private var answers: [MTUAnswer]

    /// An answer for each of `questions`, in their order.
    ///
    /// - `namespaces`: descriptors of those that the questions' sources stand for.
    static func ask(
        _ questions: [MTUQuestion], in namespaces: [Int32]
    ) throws(SystemError) -> [MTUAnswer] {
        if questions.isEmpty { return [] }
        var prober = try open(questions, in: namespaces)
        try prober.run()
        return prober.answers
    }

    private static func open(_ questions: [MTUQuestion], in namespaces: [Int32]) throws(SystemError) -> MTUProber {
        let stations = Set(questions.map(station)).sorted { ($0.source, $0.family) < ($1.source, $1.family) }
        let sockets = try SocketOpener(duplicating: namespaces).open(
            stations.map { .init(namespace: $0.source, kind: .echo, family: $0.socketFamily) })
        let poller = try Poller.open()
        for (index, socket) in sockets.enumerated() {
            try socket.forbidFragments()
            try poller.watch(socket, as: UInt64(index), for: .reading)
        }
        return MTUProber(
            stations: stations, sockets: sockets, poller: poller, answers: questions.map { MTUAnswer(question: $0) })
    }

    private init(stations: [Station], sockets: [ProbeSocket], poller: consuming Poller, answers: [MTUAnswer]) {
        self.stations = stations
        self.sockets = sockets
        self.poller = poller
        self.answers = answers
    }

    private static func station(of question: MTUQuestion) -> Station {
        Station(source: question.source, family: question.address.family == .v4 ? 4 : 6)
    }

    /// Two packets a question: the even one has the size that should pass.
    private mutating func run() throws(SystemError) {
        let socketOfStation = Dictionary(uniqueKeysWithValues: zip(stations, sockets))
        for (round, patience) in Self.rounds.enumerated() {
            let missing = (0..<(answers.count * 2)).filter { fate(of: $0) == .unanswered }
            // That the larger vanishes may be the case, but not at once the reason to think so.
            if missing.isEmpty { return }
            if round > 0 { for packet in missing where packet % 2 == 0 { answers[packet / 2].retries += 1 } }
            for (count, packet) in missing.enumerated() {
                if let socket = socketOfStation[Self.station(of: answers[packet / 2].question)] {
                    send(packet, through: socket)
                }
                if count % Self.packetsBetweenReads == 0 { try read(until: .now) }
            }
            let deadline = MonotonicTime.now + patience
            while MonotonicTime.now < deadline, missing.contains(where: { fate(of: $0) == .unanswered }) {
                try read(until: deadline)
            }
        }
    }

    private func fate(of packet: Int) -> MTUAnswer.Fate {
        packet % 2 == 0 ? answers[packet / 2].whole : answers[packet / 2].larger
    }

    private mutating func note(_ fate: MTUAnswer.Fate, for packet: Int) {
        guard answers.indices.contains(packet / 2), self.fate(of: packet) == .unanswered else { return }
        if packet % 2 == 0 { answers[packet / 2].whole = fate } else { answers[packet / 2].larger = fate }
    }

    private mutating func send(_ packet: Int, through socket: ProbeSocket) {
        let question = answers[packet / 2].question
        let headers = question.address.family == .v4 ? 28 : 48
        let size = Int(question.expected) + packet % 2 - headers
        let message = ProbeMessage(nonce: nonce, probe: packet, sentAt: MonotonicTime.now.nanoseconds).bytes
        let padding = [UInt8](repeating: 0, count: max(0, size - message.count))
        let echo = EchoPacket(
            requestWith: identifier, sequence: UInt16(truncatingIfNeeded: packet),
            payload: message + padding)
        let (bytes, peer) = (echo.bytes(question.address.family), SocketAddress(question.address))
        var code = socket.send(bytes, to: peer)
        // An error of an earlier packet comes out of this call instead.
        if code != 0, code != Errno.messageTooLong {
            readErrors(of: socket)
            code = socket.send(bytes, to: peer)
        }
        if code == Errno.messageTooLong { refuseHere(packet, socket) }
    }

    /// The kernel tells the MTU beside the refusal, without a packet.
    private mutating func refuseHere(_ packet: Int, _ socket: ProbeSocket) {
        for mtu in readErrors(of: socket) { note(.refusedHere(mtu), for: packet) }
    }

    private mutating func read(until deadline: MonotonicTime) throws(SystemError) {
        for event in try poller.wait(until: deadline) {
            let socket = sockets[Int(event.token)]
            if event.hasError { readErrors(of: socket) }
            for datagram in buffers.receive(from: socket) {
                guard let packet = EchoPacket(received: datagram.payload, socket.family == .v4 ? .v4 : .v6),
                    !packet.isRequest, let message = ProbeMessage(packet.payload, nonce: nonce)
                else { continue }
                note(.answered, for: Int(message.probe))
            }
        }
    }

    /// Notes what machines on the way say, and gives the MTUs of refusals by this one.
    @discardableResult
    private mutating func readErrors(of socket: ProbeSocket) -> [UInt32] {
        var own: [UInt32] = []
        for datagram in buffers.receiveErrors(from: socket) {
            guard let report = datagram.error else { continue }
            if report.origin == .local, report.errno == Errno.messageTooLong { own.append(report.info) }
            guard report.origin != .local, report.isTooBig, let offender = report.offender,
                let echo = EchoPacket(datagram.payload[...], socket.family == .v4 ? .v4 : .v6),
                let message = ProbeMessage(echo.payload, nonce: nonce)
            else { continue }
            note(.refused(report.info, by: IPAddress(offender)), for: Int(message.probe))
        }
        _ = socket.takeError()
        return own
    }
}

extension SocketErrorReport {
    /// RFC 792 with RFC 1191, RFC 4443 §3.2.
    fileprivate var isTooBig: Bool { origin == .icmp ? (type, code) == (3, 4) : type == 2 }
}
