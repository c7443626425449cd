import Foundation
import TestSupport
import Testing

/// What a user without privileges has: everything, in a user namespace of its own.
@Suite(.namespaces, .enabled(if: OrdinaryUser.canBecome, "the tests run as the only user of their user namespace"))
struct OrdinaryUserTests {
    private let user: OrdinaryUser
    private let topology: String

    init() throws {
        user = try OrdinaryUser()
        topology = try TopologyFile("calico-two-hosts").text
    }

    @Test func `an ordinary user proves a topology`() throws {
        let finished = try user.weft("test", "-", input: topology)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("12 of 12 container pairs"))
    }

    @Test func `an ordinary user has labs that stay`() throws {
        let name = "user-\(UUID().uuidString.prefix(8))"
        let up = try user.weft("lab", "up", "-", "--name", name, input: topology)
        #expect(up.status == 0, "\(up.errors)")
        let routes = try user.weft("lab", "exec", name, "A", "--", "ip", "route")
        #expect(routes.output.contains("172.17.9.0/24 via 192.168.100.101 dev eth0 proto bird onlink"))
        #expect(try user.weft("plan", "-", "--lab", name, "--host", "A", "--exit-code", input: topology).status == 0)
        #expect(try user.weft("lab", "down", name).status == 0)
    }

    @Test func `an ordinary user who applies to the machine itself is told what it takes`() throws {
        let finished = try user.weft("apply", "-", "--host", "A", input: topology)
        #expect(finished.status == 10)
        #expect(finished.errors.contains("root"))
    }
}

/// Somebody else than root, with a copy of the command where they can read it.
private final class OrdinaryUser: Sendable {
    private static let identity = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]

    private let folder: URL

    static var canBecome: Bool {
        (try? run(identity + ["true"]))?.status == 0
    }

    init() throws {
        folder = URL(filePath: "/tmp/weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Weft.path, toPath: folder.appending(path: "weft").path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func weft(_ arguments: String..., input: String = "") throws -> Finished {
        try run(Self.identity + [folder.appending(path: "weft").path] + arguments, input: input)
    }
}
