import Foundation
import NetworkState
import TestSupport
import Testing

/// A ledger that is gone, or that is none any more: what is ours is known by its marks then.
@Suite(.namespaces)
struct LostLedgerTests {
    private static let ledger = "/run/weft/A.json"
    private let machine: Machine
    private let file = TopologyFile("calico-two-hosts").url.path

    init() throws {
        machine = try Machine()
        try machine.script(
            """
            ip link add foreign0 type veth peer name foreign1
            ip address add 10.9.0.1/24 dev foreign0
            ip link set foreign0 up
            ip address add 10.8.0.1/24 dev eth0
            ip route add 203.0.113.0/24 via 192.168.100.1 dev eth0 proto bird
            ip route add 172.17.99.0/24 via 192.168.100.1 dev eth0 metric 77
            ip neighbour add 192.168.100.7 lladdr 02:00:00:00:00:07 dev eth0
            """)
    }

    private func apply() throws -> Finished {
        let finished = try machine.weft("apply", file, "--host", "A")
        #expect(finished.status == 0, "\(finished.errors)")
        return finished
    }

    @Test func `a lost ledger is said to be lost, where there is anything of ours`() throws {
        #expect(try apply().errors.isEmpty)
        let whole = try machine.dump()
        try machine.script("rm \(Self.ledger); ip route del 172.17.8.2")
        let plan = try machine.weft("plan", file, "--host", "A")
        #expect(plan.errors.contains("no ledger tells of (\(Self.ledger)): going by marks"))
        #expect(plan.output.contains("1 to add, 0 to change, 0 to replace, 0 to remove"))
        #expect(try apply().errors.contains("going by marks"))
        try expectSame(machine.dump(), whole)
        #expect(try apply().errors.isEmpty)
    }

    @Test(arguments: 1...5)
    func `a ledger that has lost or changed a byte is set aside, and nothing foreign is harmed`(_ seed: UInt64) throws {
        _ = try apply()
        let whole = try machine.dump()
        var generator = SeededGenerator(seed: seed)
        for round in 1...2 {
            let corrupt = try corruptLedger(using: &generator)
            try machine.script("ip route del 172.17.8.2")
            let plan = try machine.weft("plan", file, "--host", "A", "--exit-code")
            #expect(plan.status == 2, "\(plan.errors)")
            #expect(plan.errors.contains("\(Self.ledger) is not a ledger"))
            #expect(plan.output.contains("1 to add, 0 to change, 0 to replace, 0 to remove"), "\(plan.output)")
            #expect(try ledgerBytes() == corrupt)

            let place = "\(Self.ledger).corrupt-\(round)"
            #expect(try apply().errors.contains("kept as \(place)"))
            try expectSame(machine.dump(), whole)
            #expect(try machine.run("base64", "-w0", place).output == corrupt.base64EncodedString())
        }
        #expect(try apply().errors.isEmpty)
    }

    @Test(arguments: 1...2)
    func `destroying goes by marks too, if it is told the topology`(_ seed: UInt64) throws {
        let start = try machine.dump()
        _ = try apply()
        var generator = SeededGenerator(seed: seed)
        _ = try corruptLedger(using: &generator)
        let whole = try machine.dump()
        let blind = try machine.weft("destroy", "--host", "A")
        #expect(blind.status == 1)
        #expect(blind.errors.contains("give the topology's file"))
        try expectSame(machine.dump(), whole)

        let destroyed = try machine.weft("destroy", file, "--host", "A")
        #expect(destroyed.status == 0, "\(destroyed.errors)")
        #expect(destroyed.errors.contains("kept as \(Self.ledger).corrupt-1"))
        let left = Set(try machine.dump().split(separator: "\n"))
        // Nobody knows any more what the settings were.
        let gone = start.split(separator: "\n").filter { !left.contains($0) && !$0.hasPrefix("net.") }
        #expect(gone.isEmpty)
        #expect(!left.contains { $0.contains("weft:") || $0.contains("proto 119") })
    }

    @Test func `a ledger of another version is kept`() throws {
        _ = try apply()
        try machine.script("sed -i 's/\"version\": 1/\"version\": 2/' \(Self.ledger)")
        #expect(try apply().errors.contains("not of version 1"))
        #expect(try machine.run("grep", "-c", "\"version\": 2", "\(Self.ledger).corrupt-1").output == "1\n")
    }

    /// Cuts the ledger short, or changes one bit of it, and gives what it is then.
    private func corruptLedger(using generator: inout SeededGenerator) throws -> Data {
        var bytes = try ledgerBytes()
        let place = Int.random(in: bytes.indices, using: &generator)
        if Bool.random(using: &generator) {
            bytes = bytes.prefix(place)
        } else {
            // Not a space that becomes another white space, which would mean the same.
            let isSpace = bytes[place] == 0x20 || bytes[place] == 0x0a
            bytes[place] ^= isSpace ? 0x40 : 1 << UInt8.random(in: 0..<7, using: &generator)
        }
        try machine.run("sh", "-c", "base64 -d > \(Self.ledger)", input: bytes.base64EncodedString())
        return bytes
    }

    private func ledgerBytes() throws -> Data {
        try #require(Data(base64Encoded: machine.run("base64", "-w0", Self.ledger).output))
    }
}
