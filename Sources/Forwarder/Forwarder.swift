package import Netlink
package import NetworkState

/// One host's forwarder: packets from its TUN link go to peers, packets from peers come out of the TUN link.
package struct Forwarder: ~Copyable {
    private let tunnel: TunDevice
    private let socket: DatagramSocket
    private let sender: PacketSender
    private var batch = PacketBatch()
    private var packets: PacketForwarder

    /// Attaches to the TUN link and takes the port, both in the calling thread's namespace. Packets wait from then on.
    package init(_ overlay: UDPOverlay) throws(SystemError) {
        let tunnel = try TunDevice(attachingTo: overlay.device.text)
        let socket = try DatagramSocket(at: SocketAddress(overlay.node, port: overlay.port))
        let sender = try PacketSender()
        self.tunnel = tunnel
        self.socket = socket
        self.sender = sender
        packets = PacketForwarder(ForwardingTable(overlay), addresses: overlay.addresses, at: .now)
    }

    package var counters: ForwardingCounters { packets.counters }

    /// Forwards until a signal to end, or until what `lifeline` stands for has ended. Fails when the TUN link goes away.
    ///
    /// - `reload`: the overlay as it is now, or nil to go on with the one before. Only who is behind what can change: the
    ///   link, the port and the addresses stay.
    /// - `report`: is given the counters when a signal asks for them.
    package mutating func run(
        signals: borrowing SignalQueue?, lifeline: borrowing Lifeline?, reload: () -> UDPOverlay?,
        report: (ForwardingCounters) -> Void
    ) throws(SystemError) {
        var events = ForwardingEvents(tunnel: tunnel, socket: socket, signals: signals, lifeline: lifeline)
        while true {
            let event = try events.wait()
            if event.contains(.lifelineEnded) { return }
            if event.contains(.signal), !obey(signals, reload, report) { return }
            let now = MonotonicTime.now
            if event.contains(.tunnel) { try forwardOutbound(at: now) }
            if event.contains(.socket) { forwardInbound(at: now) }
        }
    }

    /// Whether to go on.
    private mutating func obey(
        _ signals: borrowing SignalQueue?, _ reload: () -> UDPOverlay?, _ report: (ForwardingCounters) -> Void
    ) -> Bool {
        switch signals {
        case .none: break
        case .some(let signals):
            while let signal = signals.next() {
                switch signal {
                case .end: return false
                case .reload: if let overlay = reload() { packets.table = ForwardingTable(overlay) }
                case .report: report(packets.counters)
                }
            }
        }
        return true
    }

    private mutating func forwardOutbound(at now: MonotonicTime) throws(SystemError) {
        var index = 0
        while index < PacketBatch.capacity, let length = try batch.read(into: index, from: tunnel) {
            let verdict = batch.withSlot(index) { packets.outbound(&$0, length: length, at: now) }
            carryOut(verdict, onPacket: index)
            index += 1
        }
        flush()
    }

    private mutating func forwardInbound(at now: MonotonicTime) {
        for index in 0..<batch.receive(from: socket) {
            let (length, sender) = batch.datagram(index)
            let verdict = batch.withSlot(index) { packets.inbound(&$0, length: length, from: sender, at: now) }
            carryOut(verdict, onPacket: index)
        }
        flush()
    }

    private mutating func carryOut(_ verdict: PacketForwarder.Verdict, onPacket index: Int) {
        switch verdict {
        case .drop: break
        case .send(let length, let peer):
            batch.enqueue(index, length: length, to: peer)
            packets.counters.sent += 1
            packets.counters.sentBytes += length
        case .deliver(let length):
            guard batch.write(index, length: length, to: tunnel) else {
                packets.counters[.deliveryError] += 1
                return
            }
            packets.counters.delivered += 1
            packets.counters.deliveredBytes += length
        case .reply(let length, let destination):
            let address = SocketAddress(destination, port: 0)
            if !batch.send(index, length: length, to: address, through: sender) { packets.counters[.sendError] += 1 }
        }
    }

    /// Sends what is queued. What the kernel refuses was counted as sent when it was queued.
    private mutating func flush() {
        batch.flush(to: socket) { code, length in
            packets.counters.sent -= 1
            packets.counters.sentBytes -= length
            packets.counters[code == Errno.messageTooLong ? .tooBig : .sendError] += 1
        }
    }
}
