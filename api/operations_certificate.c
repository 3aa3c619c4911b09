#include "rows.h"

#include "ledger/address.h"
#include "ledger/certificate.h"

#define NOBODYS (API_EVERYBODY | API_NOBODY)

PARAMS(params_node_address,
       {.name = "url",
        .type = API_TEXT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "https://ledger.example.org, or nothing to take it away",
        .max = LEDGER_ADDRESS_MAX},
       REASON);
PARAMS(params_keys, API_PAGE_PARAMS);
PARAMS(params_key, {.name = "id",
                    .type = API_INTEGER,
                    .flags = API_POSITIONAL,
                    .help = "the number of the key, the one in force unless told"});
PARAMS(params_certificate_issue,
       {.name = "enrolment",
        .type = API_INTEGER,
        .help = "the number of an enrolment that attended; by hand where it is not given"},
       {.name = "name",
        .type = API_TEXT,
        .help = "the person's name, as it shall stand there",
        .max = LEDGER_NAME_MAX},
       {.name = "provider", .type = API_HANDLE, .help = "by hand: who gave the course"},
       {.name = "member", .type = API_HANDLE, .help = "by hand: whose person it is for"},
       {.name = "title",
        .type = API_TEXT,
        .help = "by hand: what was learned: First aid at work",
        .max = LEDGER_NAME_MAX},
       {.name = "description",
        .type = API_TEXT,
        .help = "by hand: what that is, in a sentence",
        .max = LEDGER_MEMO_MAX},
       {.name = "criteria",
        .type = API_TEXT,
        .help = "what had to be done for it",
        .max = LEDGER_MEMO_MAX},
       {.name = "held_on", .type = API_DATE, .help = "by hand: the last day of the course"},
       {.name = "expires_on",
        .type = API_DATE,
        .help = "the last day it holds, never unless told"});
PARAMS(params_certificate, ID("certificate"));
PARAMS(params_certificate_reason, ID("certificate"), REASON);
PARAMS(params_certificate_revoke, ID("certificate"),
       {.name = "reason",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "why; everybody can read it, for ever",
        .max = LEDGER_REASON_MAX});
PARAMS(params_certificate_list, API_PAGE_PARAMS, MEMBER_IF);
PARAMS(params_certificate_status, {.name = "uid",
                                   .type = API_TEXT,
                                   .flags = API_REQUIRED | API_POSITIONAL,
                                   .help = "the UUID in its id",
                                   .max = LEDGER_UID_TEXT - 1});
PARAMS(params_certificate_verify, {.name = "jwt",
                                   .type = API_TEXT,
                                   .flags = API_REQUIRED | API_POSITIONAL | API_FROM_FILE,
                                   .help = "the certificate as it was handed out",
                                   .max = LEDGER_JWT_MAX});

COLUMNS(shows_address, {"address", "Public address"});
COLUMNS(shows_key, {"key", "Key"}, {"multibase", "Public key"}, {"did", "DID"}, {"since", "Since"},
        {"replaced", "Replaced"}, {"kty", "Type"}, {"crv", "Curve"}, {"x", "x"});
COLUMNS(shows_keys, {"key", "Key", true}, {"multibase", "Public key"}, {"since", "Since"},
        {"replaced", "Replaced"});
COLUMNS(shows_certificate, {"certificate", "Certificate"}, {"state", "State"},
        {"provider", "Provider"}, {"member", "Member"}, {"enrolment", "Enrolment"},
        {"name", "Name"}, {"title", "Title"}, {"issued", "Issued"}, {"expires", "Expires"},
        {"revoked", "Revoked"}, {"reason", "Reason"}, {"key", "Key"}, {"uid", "Uid"},
        {"jwt", "Text"});
COLUMNS(shows_certificates, {"certificate", "Certificate", true}, {"state", "State"},
        {"provider", "Provider"}, {"member", "Member"}, {"name", "Name"}, {"title", "Title"},
        {"issued", "Issued"}, {"expires", "Expires"});
COLUMNS(shows_public, {"uid", "Uid"}, {"state", "State"}, {"issued", "Issued"},
        {"expires", "Expires"}, {"revoked", "Revoked"}, {"reason", "Reason"});
COLUMNS(shows_revoked, {"uid", "Uid"}, {"revoked", "Revoked"}, {"reason", "Reason"});
COLUMNS(shows_verified, {"valid", "Valid"}, {"name", "Name"}, {"title", "Title"},
        {"provider", "Provider"}, {"issuer_name", "Ledger"}, {"issued", "Issued"},
        {"expires", "Expires"}, {"issuer", "Issuer"}, {"key", "Key"}, {"certificate", "Id"});

const struct api_operation api_operations_certificate[] = {
    {"node.address", "POST", "/node/addresses", "node address", NULL,
     "Say where others find the node: its name as an issuer", STEWARDS, API_WRITE,
     params_node_address, shows_address, NULL, NULL, op_node_address, NULL},
    {"key.show", "GET", "/key", "key show", NULL,
     "Show the node's public key, the one in force or an older one", NOBODYS, API_READ, params_key,
     shows_key, NULL, NULL, op_key_show, NULL},
    {"key.list", "GET", "/keys", "key list", NULL,
     "List the node's public keys; what an older one signed stays good", NOBODYS, API_READ,
     params_keys, NULL, shows_keys, NULL, op_key_list, NULL},

    {"certificate.issue", "POST", "/certificates", "certificate issue", NULL,
     "Certify that a course was attended, or by hand what was learned", API_PAYERS, API_WRITE,
     params_certificate_issue, shows_certificate, NULL, NULL, op_certificate_issue,
     op_certificate_issued},
    {"certificate.list", "GET", "/certificates", "certificate list", NULL,
     "List certificates, given and received", API_EVERYBODY, API_READ, params_certificate_list,
     NULL, shows_certificates, NULL, op_certificate_list, NULL},
    {"certificate.show", "GET", "/certificates/{id}", "certificate show", NULL,
     "Show a certificate, with its text for the parties", API_EVERYBODY, API_READ,
     params_certificate, shows_certificate, NULL, NULL, op_certificate_show, NULL},
    {"certificate.revoke", "POST", "/certificates/{id}/revocation", "certificate revoke", NULL,
     "Take a certificate back; it stays listed with the reason", API_PAYERS, API_WRITE,
     params_certificate_revoke, shows_public, NULL, NULL, op_certificate_revoke, NULL},
    {"certificate.erase", "POST", "/certificates/{id}/erasure", "certificate erase", NULL,
     "Erase the name, title and text of a certificate", STEWARDS, API_WRITE,
     params_certificate_reason, shows_certificate, NULL, NULL, op_certificate_erase, NULL},
    {"certificate.revoked", "GET", "/certificates/revoked", "certificate revoked", NULL,
     "List what was revoked, and why", NOBODYS, API_READ, params_keys, NULL, shows_revoked, NULL,
     op_certificate_revoked, NULL},
    {"certificate.status", "GET", "/certificates/{uid}/status", "certificate status", NULL,
     "Say whether a certificate stands, by its uid", NOBODYS, API_READ, params_certificate_status,
     shows_public, NULL, NULL, op_certificate_status, NULL},
    {"certificate.verify", "POST", "/certificates/verification", "certificate verify", NULL,
     "Say whether a certificate is this node's, unchanged, and good now", NOBODYS, API_READ,
     params_certificate_verify, shows_verified, NULL, NULL, op_certificate_verify, NULL},

    {.name = NULL, .next = api_operations_placement},
};
