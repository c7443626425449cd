import Glibc

extension TrafficPath {
    /// How long a byte there and a byte back took by TCP, in nanoseconds, one exchange after the other.
    package func roundTrips(warmUp: Duration, duration: Duration) throws(SystemError) -> [Int64] {
        let ends = try connect()
        let (client, server) = (ends.client.raw, ends.server.raw)
        let window = MeasuringWindow(warmUp: warmUp, duration: duration)
        let (times, _) = try TrafficThread.run(
            client: { () throws(SystemError) in try Self.ask(on: client, window) },
            server: { () throws(SystemError) in try Self.echo(on: server) })
        extendLifetime(ends)
        return times
    }

    /// Ends the stream afterwards, so that the one who answers knows.
    private static func ask(on raw: CInt, _ window: MeasuringWindow) throws(SystemError) -> [Int64] {
        defer { shutdown(raw, CInt(SHUT_WR)) }
        var byte: [UInt8] = [0x77]
        var times: [Int64] = []
        var before = MonotonicTime.now
        // On a busy machine one exchange may take longer than the whole window.
        while before < window.end || times.isEmpty {
            _ = try Stream.send(byte, to: raw)
            guard try Stream.receive(into: &byte, from: raw) == 1 else {
                throw SystemError("exchange bytes by TCP", errno: ECONNRESET)
            }
            let after = MonotonicTime.now
            if before >= window.start { times.append(after.nanoseconds - before.nanoseconds) }
            before = after
        }
        return times
    }

    private static func echo(on raw: CInt) throws(SystemError) {
        var byte: [UInt8] = [0]
        while try Stream.receive(into: &byte, from: raw) == 1 { _ = try Stream.send(byte, to: raw) }
    }
}
