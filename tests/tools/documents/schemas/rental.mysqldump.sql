-- MySQL dump 10.13
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40014 SET FOREIGN_KEY_CHECKS=0 */;
DROP TABLE IF EXISTS `actor`;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `actor` (
  `actor_id` smallint unsigned NOT NULL AUTO_INCREMENT,
  `first_name` varchar(45) NOT NULL,
  `last_name` varchar(45) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `last_update` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`actor_id`),
  KEY `idx_actor_last_name` (`last_name`)
) ENGINE=InnoDB AUTO_INCREMENT=201 DEFAULT CHARSET=utf8mb4 COMMENT='People; acting';
LOCK TABLES `actor` WRITE;
INSERT INTO `actor` VALUES (1,'PENELOPE','O\'NEIL; CREATE TABLE `ghost` (a int)','2006-02-15'),(2,'A\\','"`','x');
UNLOCK TABLES;
CREATE TABLE `film` (
  `film_id` smallint unsigned NOT NULL AUTO_INCREMENT,
  `title` varchar(128) NOT NULL,
  `release_year` year DEFAULT NULL,
  `views` int unsigned NOT NULL DEFAULT '0',
  `big` bigint(20) unsigned DEFAULT NULL,
  `rental_rate` decimal(4,2) NOT NULL DEFAULT '4.99',
  `rating` enum('G','PG','PG-13','it''s') DEFAULT 'G',
  `special_features` set('Trailers','Commentaries') DEFAULT NULL,
  `is_hd` tinyint(1) NOT NULL DEFAULT '1',
  `flags` bit(8) DEFAULT b'0',
  `on_sale` bit(1) NOT NULL DEFAULT b'1',
  `poster` mediumblob,
  `plot` mediumtext COMMENT 'What happens',
  `lat` double(8,2) DEFAULT NULL,
  `loc` point NOT NULL /*!80003 SRID 0 */,
  `key` varchar(10) DEFAULT NULL,
  `total` decimal(10,2) GENERATED ALWAYS AS (`rental_rate` * 2) VIRTUAL,
  PRIMARY KEY (`film_id`),
  UNIQUE KEY `uq_title_year` (`title`(20),`release_year`),
  SPATIAL KEY `loc` (`loc`),
  FULLTEXT KEY `idx_plot` (`plot`),
  CONSTRAINT `chk_rate` CHECK ((`rental_rate` > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE `film_actor` (
  `actor_id` smallint unsigned NOT NULL,
  `film_id` smallint unsigned NOT NULL,
  `last_update` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`actor_id`,`film_id`),
  KEY `idx_fk_film_id` (`film_id`),
  CONSTRAINT `fk_film_actor_actor` FOREIGN KEY (`actor_id`) REFERENCES `actor` (`actor_id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `fk_film_actor_film` FOREIGN KEY (`film_id`) REFERENCES `film` (`film_id`) ON DELETE RESTRICT ON UPDATE CASCADE
) ENGINE=InnoDB;
DELIMITER ;;
/*!50003 CREATE*/ /*!50003 TRIGGER `ins_film` AFTER INSERT ON `film` FOR EACH ROW BEGIN
    INSERT INTO film_text VALUES (new.film_id, ';');
  END */;;
CREATE PROCEDURE film_in_stock(IN p INT, OUT c INT)
BEGIN
  IF p > 1 THEN SELECT 1; END IF;
  SELECT 2;
END;;
DELIMITER ;
/*!50001 CREATE VIEW `actor_info` AS SELECT 1 AS `actor_id`*/;
# a comment with an apostrophe: it's
CREATE TABLE film_text LIKE film;
ALTER TABLE film_text ADD COLUMN extra JSON NULL AFTER title, DROP COLUMN big, MODIFY COLUMN plot text NOT NULL;
