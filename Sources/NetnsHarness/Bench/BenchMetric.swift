/// What is measured of a model.
package enum BenchMetric: String, CaseIterable, Sendable {
    case throughput = "tcp-throughput"
    case packets = "udp-packets"
    case roundTrip = "tcp-round-trip"
    case processorTime = "cpu-time"

    package var title: String {
        switch self {
        case .throughput: "TCP throughput"
        case .packets: "UDP packets, 64 bytes"
        case .roundTrip: "TCP round trip, 1 byte"
        case .processorTime: "CPU time"
        }
    }

    /// The head of its column.
    var shortTitle: String {
        switch self {
        case .throughput: "TCP Gbit/s"
        case .packets: "UDP kpps"
        case .roundTrip: "RTT µs"
        case .processorTime: "CPU s/GB"
        }
    }

    package var unit: String {
        switch self {
        case .throughput: "Gbit/s"
        case .packets: "thousand a second"
        case .roundTrip: "µs"
        case .processorTime: "seconds a gigabyte"
        }
    }

    package var isBetterHigh: Bool {
        switch self {
        case .throughput, .packets: true
        case .roundTrip, .processorTime: false
        }
    }
}
