import Compiler
import Netlink
import NetworkState

/// The sending and receiving of a stream: one thread, a socket for each namespace and family that ways start in.
struct StreamCourse: ~Copyable {
    private static let interval = Duration.milliseconds(1)
    /// How long to wait for the last answers.
    private static let patience = Duration.seconds(1)

    private let ways: [PacketStream.Way]
    private let sockets: [ProbeSocket]
    /// By way, its socket.
    private let socketOfWay: [Int]
    private let nonce = UInt64.random(in: 0 ... .max)
    private let identifier = UInt16.random(in: 0 ... .max)
    private var poller: Poller
    private var buffers = ReceiveBuffers(count: 64, payloadCapacity: 512)
    private var sequence: UInt16 = 0

    static func open(_ ways: [PacketStream.Way], in namespaces: [Int32]) throws(SystemError) -> StreamCourse {
        let requests = ways.map { way in
            SocketOpener.Request(
                namespace: way.source, kind: .echo, family: way.destination.family == .v4 ? .v4 : .v6)
        }
        var distinct: [SocketOpener.Request] = []
        for request in requests where !distinct.contains(request) { distinct.append(request) }
        let sockets = try SocketOpener(duplicating: namespaces).open(distinct)
        let poller = try Poller.open()
        for (index, socket) in sockets.enumerated() { try poller.watch(socket, as: UInt64(index), for: .reading) }
        return StreamCourse(
            ways: ways, sockets: sockets, socketOfWay: requests.map { distinct.firstIndex(of: $0) ?? 0 },
            poller: poller)
    }

    private init(ways: [PacketStream.Way], sockets: [ProbeSocket], socketOfWay: [Int], poller: consuming Poller) {
        self.ways = ways
        self.sockets = sockets
        self.socketOfWay = socketOfWay
        self.poller = poller
    }

    mutating func run(for stream: PacketStream) throws(SystemError) {
        var next = MonotonicTime.now
        while !stream.isEnding {
            send(for: stream)
            // What a starved thread has not sent in time it does not send at once: such a burst has no room in queues, and that would
            // pass for the network's loss.
            next = max(next + Self.interval, .now)
            repeat { try read(for: stream, until: next) } while MonotonicTime.now < next
        }
        let deadline = MonotonicTime.now + Self.patience
        while !stream.isComplete, MonotonicTime.now < deadline { try read(for: stream, until: deadline) }
    }

    private mutating func send(for stream: PacketStream) {
        sequence &+= 1
        for (index, way) in ways.enumerated() {
            let message = ProbeMessage(nonce: nonce, probe: index, sentAt: MonotonicTime.now.nanoseconds)
            let packet = EchoPacket(requestWith: identifier, sequence: sequence, payload: message.bytes)
            if send(packet.bytes(way.destination.family), on: index) { stream.noteSent(sequence, on: index) }
        }
    }

    /// Whether it is under way, or would be if the network let it: what finds no room in its own socket, this machine is late with.
    private mutating func send(_ bytes: [UInt8], on index: Int) -> Bool {
        let (socket, target) = (sockets[socketOfWay[index]], SocketAddress(ways[index].destination))
        if socket.send(bytes, to: target) == 0 { return true }
        // An error of an earlier packet came out of this call instead: that one is lost, and this one unsent.
        forgetErrors(of: socket)
        return socket.send(bytes, to: target) != Errno.wouldBlock
    }

    private mutating func read(for stream: PacketStream, until deadline: MonotonicTime) throws(SystemError) {
        for event in try poller.wait(until: deadline) {
            let socket = sockets[Int(event.token)]
            if event.hasError { forgetErrors(of: socket) }
            for datagram in buffers.receive(from: socket) {
                guard let packet = EchoPacket(received: datagram.payload, socket.family == .v4 ? .v4 : .v6),
                    !packet.isRequest, let message = ProbeMessage(packet.payload, nonce: nonce),
                    ways.indices.contains(Int(message.probe))
                else { continue }
                stream.noteAnswer(to: packet.sequence, on: Int(message.probe), at: datagram.arrival)
            }
        }
    }

    private mutating func forgetErrors(of socket: ProbeSocket) {
        _ = buffers.receiveErrors(from: socket)
        _ = socket.takeError()
    }
}
