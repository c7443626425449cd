import ArgumentParser
import NetworkState

/// An address and a port to listen at: `127.0.0.1:9586`, `[::1]:9586`.
struct ListenAddress: ExpressibleByArgument, Hashable {
    let text: String
    let address: IPAddress
    let port: UInt16

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]),
            let address = Self.address(argument[..<colon]), port > 0
        else { return nil }
        text = argument
        self.address = address
        self.port = port
    }

    /// An IPv6 address stands in brackets, as its own colons would be taken for the port's.
    private static func address(_ text: Substring) -> IPAddress? {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        guard let address = IPAddress(parsing: String(isBracketed ? text.dropFirst().dropLast() : text)) else {
            return nil
        }
        return isBracketed == (address.family == .v6) ? address : nil
    }
}
