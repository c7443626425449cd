import Glibc

/// What came of sending so many bytes by TCP.
package struct BulkDelivery: Sendable {
    /// What the receiver got.
    package let received: Int
    /// Why that is not all; nil if it is, or if the stream just ended.
    package let failure: SystemError?
}

extension TrafficPath {
    private static let chunk = 128 * 1024

    /// Sends `count` bytes from client to server, and counts them there. Fails only where there is no connection.
    package func deliver(_ count: Int) throws(SystemError) -> BulkDelivery {
        let ends = try connect()
        let (client, server) = (ends.client.raw, ends.server.raw)
        let (unsent, delivery) = try TrafficThread.run(
            client: { () throws(SystemError) in Self.push(count, into: client) },
            server: { () throws(SystemError) in Self.count(from: server) })
        extendLifetime(ends)
        return delivery.received < count && delivery.failure == nil
            ? BulkDelivery(received: delivery.received, failure: unsent) : delivery
    }

    /// Ends the stream afterwards, so that the receiver knows.
    private static func push(_ count: Int, into raw: CInt) -> SystemError? {
        defer { shutdown(raw, CInt(SHUT_WR)) }
        let bytes = [UInt8](repeating: 0x77, count: min(chunk, count))
        var rest = count
        do throws(SystemError) {
            while rest > 0 { rest -= try Stream.send(rest < bytes.count ? Array(bytes.prefix(rest)) : bytes, to: raw) }
        } catch {
            return error
        }
        return nil
    }

    private static func count(from raw: CInt) -> BulkDelivery {
        var bytes = [UInt8](repeating: 0, count: chunk)
        var received = 0
        do throws(SystemError) {
            while true {
                let count = try Stream.receive(into: &bytes, from: raw)
                if count == 0 { return BulkDelivery(received: received, failure: nil) }
                received += count
            }
        } catch {
            return BulkDelivery(received: received, failure: error)
        }
    }
}
