import NetworkState

/// How packets get from one end to another: what can differ between two topologies that have both.
struct Passage: Hashable {
    /// The machines that it is sent and received on: hosts, or a server itself.
    let from: String
    let to: String
    /// As the sender's host has it in its route; nil on one host, and where the underlay's own routes lead.
    let way: ValidTopology.Way?
    /// Machines between the two, in order.
    let through: [String]
    /// The same of the answer, where it does not come by them.
    let back: [String]?
    /// What the packet is put into; none for a plain one.
    let encapsulation: NetworkModel.Encapsulation
    /// What the other end sees as the source, where that is not the sender's own address.
    let source: IPAddress?
    /// The largest packet that gets there whole, in bytes; nil where larger ones vanish, and nobody tells.
    let mtu: Int?

    /// `A to B by vxlan via 172.17.9.0 dev flannel.1`, `A to web through R1 as 192.168.100.100`, `on A`
    var text: String {
        var words = from == to ? ["on \(from)"] : ["\(from) to \(to)"]
        if encapsulation != .none { words.append("by \(encapsulation.rawValue)") }
        if let gateway = way?.gateway { words.append("via \(gateway)") }
        if let device = way?.device { words.append("dev \(device)") }
        if !through.isEmpty { words.append("through \(through.joined(separator: ", "))") }
        if let back { words.append("and back \(back.isEmpty ? "directly" : "by \(back.joined(separator: ", "))")") }
        if let source { words.append("as \(source)") }
        return words.joined(separator: " ")
    }
}
