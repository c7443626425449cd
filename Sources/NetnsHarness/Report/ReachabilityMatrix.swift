import Compiler

/// Who reaches whom at a glance: rows send, columns answer.
struct ReachabilityMatrix {
    /// The characters of a report: those of Unicode, or those of ASCII for terminals without.
    struct Marks: Sendable {
        let answered: String
        let silent: String

        static let unicode = Marks(answered: "✓", silent: "✗")
        static let ascii = Marks(answered: "+", silent: "-")
    }

    /// More nodes than this are summed up by host: a cell of three marks each fits a line of a hundred columns.
    static let nodeLimit = 12

    let report: ReachabilityReport
    let sums: PairSums
    let marks: Marks

    var text: String {
        var involved: Set<String> = []
        sums.forEach { from, to, _ in involved.formUnion([from, to]) }
        let names = report.nodes.map(\.name).filter(involved.contains)
        let ports = outcomesOfPorts.map(\.probe.target).uniqued.sorted()
        return names.count + ports.count <= Self.nodeLimit ? nodeTable(names, ports) : hostTable()
    }

    private var outcomesOfPorts: [ProbeOutcome] { report.outcomes.filter(byRest: { $0.probe.port != nil }) }

    private var legend: String {
        let order = report.protocols.map(\.rawValue).joined(separator: ", ")
        return "\(order): \(marks.answered) answered, \(marks.silent) not, ! unlike expected\n"
    }

    private func nodeTable(_ names: [String], _ ports: [String]) -> String {
        let pairs = report.pairs
        var table = TextTable()
        table.append(["from \\ to"] + names + ports)
        for from in names {
            table.append([from] + (names + ports).map { to in cell(pairs[ProbedPair.Ends(from: from, to: to)]) })
        }
        return legend + table.text
    }

    /// A mark for each protocol; one is answered if it is at every address.
    private func cell(_ pair: ProbedPair?) -> String {
        guard let pair else { return "." }
        let cells = report.protocols.map { kind in
            let outcomes = pair.outcomes.filter { $0.probe.protocol == kind }
            if outcomes.isEmpty { return "." }
            return outcomes.allSatisfy(\.isReachable) ? marks.answered : marks.silent
        }
        return cells.joined() + (pair.isAsExpected ? "" : "!")
    }

    /// A cell tells how many of the pairs between two hosts are as expected.
    private func hostTable() -> String {
        let hostsOfPorts = outcomesOfPorts.compactMap { outcome in
            outcome.probe.port.map { (outcome.probe.target, $0.host) }
        }
        let hostOfNode = Dictionary(report.nodes.map { ($0.name, $0.host ?? $0.name) } + hostsOfPorts) { first, _ in
            first
        }
        var counts: [ProbedPair.Ends: (asExpected: Int, all: Int)] = [:]
        sums.forEach { from, to, sum in
            let hosts = ProbedPair.Ends(from: hostOfNode[from] ?? from, to: hostOfNode[to] ?? to)
            counts[hosts, default: (0, 0)].all += 1
            if sum.contains(.isAsExpected) { counts[hosts, default: (0, 0)].asExpected += 1 }
        }
        let hosts = report.nodes.map { $0.host ?? $0.name }.uniqued
        if hosts.count > Self.nodeLimit { return hostList(hosts, counts) }
        var table = TextTable()
        table.append(["from \\ to"] + hosts)
        for from in hosts {
            table.append([from] + hosts.map { to in fraction(counts[ProbedPair.Ends(from: from, to: to)]) })
        }
        return "pairs as expected, by host\n" + table.text
    }

    /// With too many hosts for a table, each in its two roles.
    private func hostList(_ hosts: [String], _ counts: [ProbedPair.Ends: (asExpected: Int, all: Int)]) -> String {
        var (sent, received) = ([String: (Int, Int)](), [String: (Int, Int)]())
        for (ends, count) in counts {
            let (from, to) = (sent[ends.from] ?? (0, 0), received[ends.to] ?? (0, 0))
            sent[ends.from] = (from.0 + count.asExpected, from.1 + count.all)
            received[ends.to] = (to.0 + count.asExpected, to.1 + count.all)
        }
        let wrong = hosts.filter { host in [sent[host], received[host]].contains { $0.map { $0.0 < $0.1 } ?? false } }
        guard !wrong.isEmpty else { return "" }
        var table = TextTable()
        table.append(["host", "from it", "to it"])
        for host in wrong { table.append([host, fraction(sent[host]), fraction(received[host])]) }
        return "pairs as expected, by host with others\n" + table.text
    }

    private func fraction(_ count: (Int, Int)?) -> String {
        guard let (part, all) = count else { return "." }
        return "\(part)/\(all)" + (part == all ? "" : "!")
    }
}
