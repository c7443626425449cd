import Compiler
import NetworkState

/// A pair, or a node alone, that something is wrong with.
struct Suspicion: Hashable {
    let from: String
    let to: String?
    let address: IPAddress?
    /// By what it shows: by ICMP if that fails too.
    var `protocol` = ProbeProtocol.icmp
    var port: HostPort?

    /// Each pair once, of packets first; but of all, those first that show a failure of a kind that none before them does.
    static func all(in result: CheckRound.Result) -> [Suspicion] {
        var kinds: [Ends: Set<Kind>] = [:]
        var suspicions: [Suspicion] = []
        for (suspicion, kind) in probes(in: result) + checks(in: result) {
            if kinds[suspicion.ends] == nil { suspicions.append(suspicion) }
            kinds[suspicion.ends, default: []].insert(kind)
        }
        var shown: Set<Kind> = []
        var (first, others): ([Suspicion], [Suspicion]) = ([], [])
        for suspicion in suspicions {
            let own = kinds[suspicion.ends] ?? []
            if own.isSubset(of: shown) { others.append(suspicion) } else { first.append(suspicion) }
            shown.formUnion(own)
        }
        return first + others
    }

    private static func probes(in result: CheckRound.Result) -> [(Suspicion, Kind)] {
        result.outcomes.filter(byRest: { !$0.isAsExpected }).map(\.probe).map { probe in
            let suspicion = Suspicion(
                from: probe.from, to: probe.to, address: probe.address, protocol: probe.protocol, port: probe.port)
            return (suspicion, Kind(check: .reach, protocol: probe.protocol))
        }
    }

    private static func checks(in result: CheckRound.Result) -> [(Suspicion, Kind)] {
        result.checks.filter(byRest: \.isFailed).map { check in
            let suspicion = Suspicion(from: check.from, to: check.to, address: check.address)
            return (suspicion, Kind(check: check.kind, protocol: nil))
        }
    }

    private struct Kind: Hashable {
        let check: CheckKind
        let `protocol`: ProbeProtocol?
    }

    private struct Ends: Hashable {
        let from: String
        let to: String?
        let address: IPAddress?
        let port: HostPort?
    }

    private var ends: Ends { Ends(from: from, to: to, address: address, port: port) }
}

extension Suspicion {
    /// What is asked once more: `A1 -> B1 (172.17.9.2) after 'an uplink blinks'`
    func text(after event: String?) -> String {
        let target = [to, address.map { to == nil ? "\($0)" : "(\($0))" }].compactMap(\.self).joined(separator: " ")
        return "\(from) -> \(target)" + (event.map { " after '\($0)'" } ?? "")
    }

    fileprivate func isAbout(_ from: String, _ to: String?, _ address: IPAddress) -> Bool {
        self.from == from && self.to == to && (self.address == nil || self.address == address)
    }
}

extension CheckRound {
    /// The same look, at no more than what it is about.
    func only(_ suspicion: Suspicion) -> CheckRound {
        CheckRound(lab: lab, list: list.only(suspicion), nodes: nodes, event: event, places: places)
    }
}

extension CheckList {
    fileprivate func only(_ suspicion: Suspicion) -> CheckList {
        var list = CheckList()
        list.probes = Packed(probes.lazy.filter { suspicion.isAbout($0.from, $0.to, $0.address) })
        list.passages = Packed(passages.lazy.filter { suspicion.isAbout($0.from, $0.to, $0.address) })
        list.gateways = gateways.filter { suspicion.isAbout($0.inquiry.node, nil, $0.inquiry.gateway) }
        list.mtus = mtus.filter { suspicion.isAbout($0.from, $0.to, $0.address) }
        list.deliveries = deliveries.filter { suspicion.isAbout($0.from, $0.to, $0.address) }
        return list
    }
}
