/// What became of small UDP datagrams, sent as fast as the sender can.
package struct DatagramFlood: Sendable {
    /// From the first to the last, whatever part of them was measured.
    package let sent: Int
    package let received: Int
    /// Those that arrived in the time measured.
    package let receivedPerSecond: Double
}

extension TrafficPath {
    private static let batch = 64
    /// How long the receiver waits before it looks at the clock, and after the last datagram.
    private static let silence = Duration.milliseconds(20)

    /// Counts at the receiver: what was lost on the way is no throughput.
    package func flood(payload: Int, warmUp: Duration, duration: Duration) throws(SystemError) -> DatagramFlood {
        let ends = try openDatagrams()
        try ends.server.limitWaiting(to: Self.silence)
        let (client, server, clock) = (ends.client.raw, ends.server.raw, clock)
        let window = MeasuringWindow(warmUp: warmUp, duration: duration)
        let (sent, (received, readings)) = try TrafficThread.run(
            client: { () throws(SystemError) in
                try Self.pour(into: client, payload: payload, during: window)
            },
            server: { () throws(SystemError) in
                try Self.count(on: server, payload: payload, WindowReadings(window, clock: clock))
            })
        extendLifetime(ends)
        let measured = try readings.difference("flood with datagrams")
        return DatagramFlood(
            sent: sent, received: received,
            receivedPerSecond: Double(measured.count) * 1e9 / Double(measured.time.nanoseconds))
    }

    private static func pour(
        into raw: CInt, payload: Int, during window: MeasuringWindow
    ) throws(SystemError) -> Int {
        let batch = DatagramBatch(count: batch, payload: payload)
        var sent = 0
        while window.isOpen { sent += try batch.send(on: raw) }
        return sent
    }

    /// Until the sender has ended and nothing more comes, or what still comes has been coming for too long.
    private static func count(
        on raw: CInt, payload: Int, _ readings: WindowReadings
    ) throws(SystemError) -> (received: Int, readings: WindowReadings) {
        let batch = DatagramBatch(count: batch, payload: payload)
        let limit = readings.window.end + MeasuringWindow.patience
        var readings = readings
        var received = 0
        while MonotonicTime.now < limit {
            let count = try batch.receive(on: raw)
            received += count
            try readings.note(received)
            if count == 0, !readings.window.isOpen { break }
        }
        return (received, readings)
    }
}
