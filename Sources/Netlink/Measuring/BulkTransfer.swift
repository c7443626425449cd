import Glibc

/// What became of one TCP connection that sends as much as it can.
package struct BulkTransfer: Sendable {
    /// All that the sender handed over, and all that the receiver got, from the first byte on.
    package let sent: Int
    package let received: Int
    /// Of the time measured.
    package let bytesPerSecond: Double
    package let processorSecondsPerByte: Double
}

extension TrafficPath {
    /// As much as a send and a receive of iperf3 take.
    private static let chunk = 128 * 1024

    /// Counts at the receiver.
    package func transfer(warmUp: Duration, duration: Duration) throws(SystemError) -> BulkTransfer {
        let ends = try connect()
        let (client, server, clock) = (ends.client.raw, ends.server.raw, clock)
        let window = MeasuringWindow(warmUp: warmUp, duration: duration)
        let (sent, (received, readings)) = try TrafficThread.run(
            client: { () throws(SystemError) in try Self.fill(client, during: window) },
            server: { () throws(SystemError) in
                try Self.drain(server, readings: WindowReadings(window, clock: clock))
            })
        extendLifetime(ends)
        let measured = try readings.difference("transfer data by TCP")
        return BulkTransfer(
            sent: sent, received: received,
            bytesPerSecond: Double(measured.count) * 1e9 / Double(measured.time.nanoseconds),
            processorSecondsPerByte: Double(measured.processorNanoseconds) / 1e9 / Double(measured.count))
    }

    /// Ends the stream afterwards, so that the receiver knows.
    private static func fill(_ raw: CInt, during window: MeasuringWindow) throws(SystemError) -> Int {
        defer { shutdown(raw, CInt(SHUT_WR)) }
        let bytes = [UInt8](repeating: 0x77, count: chunk)
        var sent = 0
        while window.isOpen { sent += try Stream.send(bytes, to: raw) }
        return sent
    }

    private static func drain(
        _ raw: CInt, readings: WindowReadings
    ) throws(SystemError) -> (received: Int, readings: WindowReadings) {
        var readings = readings
        var bytes = [UInt8](repeating: 0, count: chunk)
        var received = 0
        while true {
            let count = try Stream.receive(into: &bytes, from: raw)
            if count == 0 { return (received, readings) }
            received += count
            try readings.note(received)
        }
    }
}
