import Netlink
import NetworkState

/// Writes what an agent has to say to standard error, a line each.
package struct AgentLog: Sendable {
    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    private let host: String
    private let format: Format
    private let output: @Sendable (String) -> Void

    package init(
        host: String, format: Format, output: @escaping @Sendable (String) -> Void = { try? Netlink.write($0, to: 2) }
    ) {
        self.host = host
        self.format = format
        self.output = output
    }

    package func write(_ entry: LogEntry) {
        switch format {
        case .text: output(entry.text(at: .now, host: host) + "\n")
        case .json: output(entry.json(at: .now, host: host).line + "\n")
        }
    }
}
