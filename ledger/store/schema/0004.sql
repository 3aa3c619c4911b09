-- 0004.sql - how co-ops trade: requests for payment, standing payments, offers and wants, notices.

