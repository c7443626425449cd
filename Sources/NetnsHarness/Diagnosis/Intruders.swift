import Applier
import Compiler
import Netlink
import NetworkState

/// What nobody has declared and may be to blame all the same: addresses that several have, and foreign rules.
struct Intruders {
    private let lab: Lab
    /// A look into every namespace takes time.
    private static let nodeLimit = 300

    init(_ lab: Lab) { self.lab = lab }

    /// Who has `address` besides those who should.
    func holders(of address: IPAddress) throws(ApplyError) -> [Culprit] {
        var culprits: [Culprit] = []
        for node in lab.nodes.prefix(Self.nodeLimit) where node.kind != .segment && !node.addresses.contains(address) {
            var applier = Applier(HostNamespaces(own: .named(node.name), directory: lab.directory.path))
            let state = try applier.observe(HostState([.own: NamespaceState()]))
            let own = state.namespaces[.own]?.addresses.sorted ?? []
            guard let found = own.first(where: { $0.prefix.address == address }) else { continue }
            let owner = lab.nodes.first { $0.addresses.contains(address) }?.name ?? "another"
            culprits.append(
                Culprit(
                    node: node.name,
                    text: "address \(node.name)/\(found.prefix) dev \(found.device) is a duplicate: \(owner) has it",
                    remedy: "ip address delete \(found.prefix) dev \(found.device)", source: nil))
        }
        return culprits
    }

    /// Rules of others in one node that translate or drop packets; none in a switch.
    func rules(on name: String) throws(ApplyError) -> [Culprit] {
        guard let node = lab.nodes.first(where: { $0.name == name }), node.kind != .segment else { return [] }
        let own = NATTable.name(ofTopology: lab.topology.name)
        let listing = try systems { () throws(SystemError) -> String in
            let namespace = try lab.directory.open(name)
            return (try? Nftables.run("list ruleset", in: namespace).get()) ?? ""
        }
        let verdicts = Self.verdicts(in: node)
        var (table, chain) = ("", "")
        var culprits: [Culprit] = []
        for line in listing.split(separator: "\n").map({ $0.trimmingPrefix { $0 == "\t" || $0 == " " } }) {
            if line.hasPrefix("table ") { table = String(line.dropFirst(6).prefix { $0 != "{" }).trimmed }
            if line.hasPrefix("chain ") { chain = String(line.dropFirst(6).prefix { $0 != "{" }).trimmed }
            let words = line.split { $0 == " " || $0 == ";" }.map(String.init)
            guard !table.hasSuffix(" \(own)"), !table.contains(" \(RandomDrop.prefix)"),
                !verdicts.isDisjoint(with: words)
            else { continue }
            culprits.append(
                Culprit(
                    node: name, text: "nft rule \(name)/\(table) \(chain) is not weft's: \(line)",
                    remedy: "nft delete table \(table)", source: nil))
        }
        return culprits
    }

    /// A container of somebody else's may well translate what it sends to itself, as Docker's do for their name server.
    private static func verdicts(in node: LabNode) -> Set<String> {
        if case .container = node.kind { return ["drop", "reject"] }
        return ["masquerade", "snat", "dnat", "drop", "reject"]
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
